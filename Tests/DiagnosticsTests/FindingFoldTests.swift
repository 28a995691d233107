import Diagnostics
import Hashing
import JSON
import Testing

struct FindingFoldTests {
    private let template: TemplateInForce
    private static let hour = Timestamp(microseconds: 1_704_164_400_000_000)  // 2024-01-02T03:00:00Z

    init() throws { template = .version(try SampleTemplate.published(key: 5)) }

    private func finding(_ rule: Rule, module: String = "", component: String = "", path: String = "/p", actual: String = "a", byte: Int = 0)
        -> Finding
    {
        Finding(rule: rule, module: module, component: component, path: path, byteOffset: byte, expected: "e", actual: actual)
    }

    private func apply(
        _ findings: [Finding], to fold: inout FindingFold, kind: EventKind = .telemetry, minutes: Int64 = 0, offset: Int64 = 0, device: Int32 = 1,
        template: TemplateInForce? = nil, record: SampleRecord = SampleRecord(SampleExport.telemetry("{}"))
    ) {
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var hash = SHA256()
        record.decode(by: &decoder, into: &event)
        event.kind = kind
        event.eventTime = Timestamp(microseconds: Self.hour.microseconds + minutes * 60_000_000)
        fold.apply(event, findings: findings, template: template ?? self.template, device: device, offset: offset, hash: &hash)
    }

    @Test func `an event counts as failed by an error, as warned by a warning and no error`() throws {
        var fold = FindingFold(source: 1)
        apply([], to: &fold)
        apply([finding(.valueNull)], to: &fold, offset: 1)
        apply([finding(.valueNull), finding(.schemaMismatch), finding(.valueNull)], to: &fold, offset: 2)
        apply([finding(.jsonInvalid)], to: &fold, kind: .undecodable, offset: 3)
        apply([finding(.enumUnknown)], to: &fold, minutes: 60, offset: 4)
        let first = try #require(fold.verdicts.first { $0.key.device == 1 && $0.key.hour == Self.hour }?.value)
        #expect([first.messages, first.failed, first.warned, first.malformed] == [4, 2, 1, 1])
        #expect(fold.verdicts.count == 2)
        #expect(fold.devices[1]?.messages == 5)
        #expect(fold.devices[1]?.failed == 3)
    }

    @Test(arguments: EventKind.allCases)
    func `only events that are judged or cannot be decoded leave a trace`(kind: EventKind) {
        var fold = FindingFold(source: 1)
        apply([], to: &fold, kind: kind)
        #expect((fold.verdicts.count == 1) == (kind.isJudged || kind == .undecodable))
        #expect(fold.devices.count == fold.verdicts.count)
    }

    @Test func `the template that last applied is by time, then offset, and undecodable bytes do not tell it`() {
        var fold = FindingFold(source: 1)
        apply([], to: &fold, kind: .undecodable, minutes: 9, offset: 9)
        #expect(fold.devices[1]?.messages == 1)
        #expect(fold.devices[1]?.templateVersionKey == nil)
        apply([], to: &fold, minutes: 1, offset: 3)
        apply([], to: &fold, minutes: 1, offset: 2, template: .unassigned)
        apply([], to: &fold, minutes: 0, offset: 8, template: .unassigned)
        #expect(fold.devices[1]?.templateVersionKey?.value == 5)
        apply([], to: &fold, minutes: 2, offset: 1, template: .unknown(templateID: "x"))
        #expect(fold.devices[1]?.templateVersionKey?.value == 0)
    }

    @Test func `a row is one thing wrong at one place, by template version`() {
        var fold = FindingFold(source: 1)
        for offset in Int64(0)..<3 { apply([finding(.valueNull)], to: &fold, minutes: offset * 3000, offset: offset) }
        #expect(fold.findings.count == 1, "Days do not part the rows of a rule whose places templates define")
        #expect(fold.findings.first?.key.day == 0)
        apply(
            [finding(.valueNull, module: "m"), finding(.valueNull, component: "c"), finding(.valueNull, path: "/q"), finding(.enumUnknown)], to: &fold
        )
        apply([finding(.valueNull)], to: &fold, device: 2)
        apply([finding(.valueNull)], to: &fold, template: .unassigned)
        #expect(fold.findings.count == 7)
        #expect(fold.findings.values.allSatisfy { $0.nameHash == 0 })
    }

    @Test func `a row of a rule whose places devices choose is of one day`() {
        var fold = FindingFold(source: 1)
        for offset in Int64(0)..<4 { apply([finding(.capabilityUndefined)], to: &fold, minutes: offset * 720, offset: offset) }
        #expect(fold.findings.keys.map(\.day).sorted() == [8767, 8768])
        #expect(fold.findings.values.map(\.digest.count).sorted() == [2, 2])
    }

    @Test func `a row shows the last occurrence, and where the first and the last were`() throws {
        var fold = FindingFold(source: 1)
        apply([finding(.valueNull, actual: "middle")], to: &fold, minutes: 5, offset: 20)
        apply([finding(.valueNull, actual: "last")], to: &fold, minutes: 5, offset: 30)
        apply([finding(.valueNull, actual: "first")], to: &fold, minutes: 1, offset: 40)
        apply(
            [finding(.valueNull, actual: "later in the event", byte: 8), finding(.valueNull, actual: "earlier", byte: 3)], to: &fold, minutes: 5,
            offset: 30)
        let row = try #require(fold.findings.values.first)
        #expect(row.digest.count == 5)
        #expect((row.firstTime.microseconds, row.firstOffset) == (Self.hour.microseconds + 60_000_000, 40))
        #expect((row.lastTime.microseconds, row.lastOffset) == (Self.hour.microseconds + 300_000_000, 30))
        #expect(row.last.actual == "later in the event")
    }

    @Test func `a template id is kept where no version of it applied`() {
        var fold = FindingFold(source: 1)
        apply([finding(.valueNull)], to: &fold)
        apply([finding(.templateUnknown)], to: &fold, template: .unknown(templateID: SampleExport.template))
        let refs = Dictionary(uniqueKeysWithValues: fold.findings.map { ($0.key.rule, $0.value.templateRef) })
        #expect(refs == [.valueNull: "", .templateUnknown: SampleExport.template])
        let hourRefs = Dictionary(uniqueKeysWithValues: fold.hours.map { ($0.key.rule, $0.key.templateRef) })
        #expect(hourRefs == refs)
    }

    @Test func `hourly counts keep no name that a device made up`() {
        var fold = FindingFold(source: 1)
        for index in 0..<50 {
            let name = "x\(index)"
            let open = [
                finding(.moduleUnknown, module: name, component: name, path: ""), finding(.componentUnknown, component: name, path: ""),
                finding(.capabilityUndefined, component: "motor", path: "/\(name)"), finding(.capabilityCase, path: "/\(name)"),
                finding(.fieldUndefined, path: "/reading/\(name)"), finding(.schemaMismatch, component: "motor", path: "/speed"),
            ]
            apply(open, to: &fold, minutes: Int64(index % 2), offset: Int64(index))
        }
        let places = Dictionary(uniqueKeysWithValues: fold.hours.map { ($0.key.rule, "\($0.key.component) \($0.key.path)") })
        #expect(
            places == [
                .moduleUnknown: "* *", .componentUnknown: "* *", .capabilityUndefined: "motor *", .capabilityCase: " *", .fieldUndefined: " *",
                .schemaMismatch: "motor /speed",
            ])
        #expect(fold.hours.values.allSatisfy { $0 == 50 })
        #expect(fold.hours.keys.allSatisfy { $0.hour == Self.hour && $0.tenant == SampleExport.application })
    }

    @Test func `a fold that was reset starts over`() {
        var fold = FindingFold(source: 1)
        for index in 0..<100 { apply([finding(.capabilityUndefined, path: "/n\(index)")], to: &fold, offset: Int64(index)) }
        fold.reset()
        #expect(fold.findings.isEmpty && fold.hours.isEmpty && fold.verdicts.isEmpty && fold.devices.isEmpty)
        apply([finding(.capabilityUndefined, path: "/n99"), finding(.capabilityUndefined, path: "/n98")], to: &fold)
        #expect(Set(fold.findings.keys.map(\.path)) == ["/n98", "/n99"], "Names of an earlier chunk take no room")
    }
}
