import Diagnostics
import Hashing
import JSON
import Testing

/// The bound on names that devices make up.
struct NamesPerDayTests {
    /// What one event has to fold.
    private struct Event {
        let offset: Int64
        let findings: [Finding]
        var device: Int32 = 1
        var day: Int64 = 0
        var version = 0
    }

    private let versions: [TemplateInForce]
    private static let start = Timestamp(microseconds: 1_704_164_400_000_000)

    init() throws {
        let published = try SampleTemplate.published()
        versions = [1, 2].map { key in
            .version(PublishedTemplate(key: key, templateID: published.templateID, version: key, compiled: published.compiled))
        }
    }

    private func undefined(_ name: String, byte: Int = 0, rule: Rule = .capabilityUndefined, component: String = "") -> Finding {
        Finding(rule: rule, component: component, path: "/\(name)", byteOffset: byte, expected: "one of a", actual: "number")
    }

    private func apply(_ event: Event, to fold: inout FindingFold, hash: inout SHA256) {
        var decoded = DecodedEvent()
        decoded.kind = .telemetry
        decoded.eventTime = Timestamp(microseconds: Self.start.microseconds + event.day * 86_400_000_000 + event.offset)
        fold.apply(decoded, findings: event.findings, template: versions[event.version], device: event.device, offset: event.offset, hash: &hash)
    }

    private func fold(_ events: [Event], bound: Int = .max) -> FindingFold {
        var fold = FindingFold(source: 3)
        var hash = SHA256()
        for event in events {
            apply(event, to: &fold, hash: &hash)
            #expect(fold.findings.count <= bound)
        }
        return fold
    }

    /// The hash that orders names, by its definition.
    private func nameHash(_ finding: Finding) -> Int64 {
        var bytes: [UInt8] = []
        for text in [finding.module, finding.component, finding.path, finding.rule.rawValue] {
            let count = UInt32(text.utf8.count)
            bytes += [UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)] + Array(text.utf8)
        }
        return Int64(bitPattern: SHA256.hash(bytes).bytes[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private func byHash(_ findings: [Finding]) -> [Finding] {
        findings.map { (finding: $0, hash: nameHash($0)) }.sorted { $0.hash < $1.hash }.map(\.finding)
    }

    private func isRest(_ key: FindingKey) -> Bool {
        key.component == "*" && key.path == "/*" && key.rule == .capabilityUndefined && key.module.isEmpty
    }

    private func table(_ fold: FindingFold) -> MergedTables {
        var table = MergedTables()
        table.merge(fold)
        return table
    }

    @Test func `of 100,000 names the 64 with the smallest hashes are kept, in bounded memory, whatever the order`() throws {
        let events = (0..<1000).map { index in
            Event(offset: Int64(index), findings: (0..<100).map { undefined("name_\(index * 100 + $0)", byte: $0) })
        }
        let names = events.flatMap(\.findings)
        let smallest = Set(byHash(names).prefix(64).map(\.path))
        let forward = fold(events, bound: 65)
        #expect(Set(forward.findings.keys.filter { !isRest($0) }.map(\.path)) == smallest)
        #expect(forward.findings.values.reduce(0) { $0 + $1.digest.count } == 100_000)
        #expect(try #require(forward.findings.first { isRest($0.key) }).value.digest.count == 100_000 - 64)
        #expect(forward.hours.values.reduce(0, +) == 100_000)

        var unbounded = FindingDigest()
        var hash = SHA256()
        for event in events { for finding in event.findings { unbounded.add(finding, source: 3, offset: event.offset, hash: &hash) } }
        #expect(table(forward).digest == unbounded)

        var random = SeededRandom(seed: 12)
        let other = table(fold(events.shuffled(using: &random), bound: 65))
        #expect(other.findings == table(forward).findings)
        #expect(other.rest == table(forward).rest)
    }

    @Test func `a name that gave way goes to the row of the rest when it comes again`() throws {
        let names = Array(byHash((0..<200).map { undefined("n\($0)") }).reversed())
        var events = names.enumerated().map { Event(offset: Int64($0.offset), findings: [$0.element]) }
        events += [Event(offset: 500, findings: [names[0]]), Event(offset: 501, findings: [names[199]])]
        let result = fold(events, bound: 65)
        let rest = try #require(result.findings.first { isRest($0.key) }).value
        #expect(rest.digest.count == 200 - 64 + 1)
        #expect(rest.last == names[0])
        #expect(rest.lastOffset == 500)
        #expect(rest.firstOffset == 0)
        #expect(rest.nameHash == .max)
        #expect(result.findings.first { $0.key.path == names[199].path }?.value.digest.count == 2)
        #expect(!result.findings.keys.contains { $0.path == names[0].path })
    }

    @Test func `every kept row carries the hash of its name`() {
        let findings = [
            undefined("a"), undefined("a", rule: .capabilityCase), undefined("a", component: "motor"),
            Finding(rule: .moduleUnknown, module: "m", byteOffset: 0, expected: "e", actual: "m"),
        ]
        let result = fold([Event(offset: 1, findings: findings)])
        #expect(Set(result.findings.values.map(\.nameHash)) == Set(findings.map(nameHash)))
        #expect(result.findings.values.allSatisfy { $0.nameHash == nameHash($0.last) })
    }

    @Test func `the finding for all beyond a message's limit goes straight to the row of the rest`() throws {
        let overflow = Finding(rule: .capabilityUndefined, component: "*", path: "/*", byteOffset: 9, expected: "at most", actual: "more")
        let few = fold([Event(offset: 1, findings: [undefined("a"), overflow])])
        #expect(few.findings.count == 2)
        #expect(try #require(few.findings.first { isRest($0.key) }).value.nameHash == .max)
        let many = fold([Event(offset: 1, findings: (0..<256).map { undefined("n\($0)", byte: $0) } + [overflow])])
        let rest = try #require(many.findings.first { isRest($0.key) }).value
        #expect(rest.digest.count == 256 - 64 + 1)
        #expect(many.findings.count == 65)
    }

    @Test func `a name under two template versions is one name, kept or not with both`() throws {
        let names = (0..<100).map { undefined("n\($0)") }
        let events = names.enumerated().flatMap { index, name in
            [Event(offset: Int64(index), findings: [name]), Event(offset: Int64(1000 + index), findings: [name], version: 1)]
        }
        let smallest = Set(byHash(names).prefix(64).map(\.path))
        var random = SeededRandom(seed: 13)
        for _ in 0..<10 {
            let result = fold(events.shuffled(using: &random), bound: 130)
            for key in [Int32(1), 2] {
                let rows = result.findings.filter { $0.key.templateVersionKey == key }
                #expect(Set(rows.keys.filter { !isRest($0) }.map(\.path)) == smallest)
                #expect(try #require(rows.first { isRest($0.key) }).value.digest.count == 36, "Counts stay with their template version")
            }
        }
    }

    @Test func `each device and each day has names of its own`() {
        var events: [Event] = []
        for device in Int32(1)...2 {
            for day in Int64(0)...1 {
                events += (0..<70).map { Event(offset: Int64($0), findings: [undefined("n\($0)")], device: device, day: day) }
            }
        }
        let result = fold(events)
        #expect(result.findings.count == 4 * 65)
        #expect(result.findings.filter { isRest($0.key) }.allSatisfy { $0.value.digest.count == 6 })
    }

    @Test func `rules whose places templates define are not bounded, and take no room`() {
        let closed = (0..<100).map { undefined("c\($0)", rule: .schemaMismatch) }
        let open = (0..<64).map { undefined("o\($0)") }
        let result = fold([Event(offset: 1, findings: closed + open + closed)])
        #expect(result.findings.count == 164)
        #expect(!result.findings.keys.contains(where: isRest))
    }

    @Test func `of names in one event that share the row of the rest the last by byte is shown, whatever gave way first`() throws {
        let names = (0..<80).map { undefined("n\($0)", byte: $0 * 10) }
        let smallest = Set(byHash(names).prefix(64).map(\.path))
        let last = try #require(names.last { !smallest.contains($0.path) })
        var random = SeededRandom(seed: 14)
        for _ in 0..<10 {
            let result = fold([Event(offset: 1, findings: names.shuffled(using: &random))])
            #expect(try #require(result.findings.first { isRest($0.key) }).value.last == last)
        }
    }
}
