import Catalog
import Diagnostics
import EventLog
import Hashing
import JSON
import Postgres
import TestSupport

/// What the read models have to hold: the log folded in one go by the pure folds alone, as lines of text.
struct PureFold {
    private(set) var lines: Set<String> = []
    private(set) var events = 0

    /// Folds a source up to its end, or up to an offset.
    init(source: LogSource, before end: Int64 = .max, on connection: inout Connection) throws {
        let generation = try Generations.live(on: &connection)
        let epochs = EpochList(try Epochs.load(generation: generation, source: source.sourceID, on: &connection))
        var templates: [Int32: PublishedTemplate] = [:]
        let store = TemplateStore()
        for version in try Templates.list(on: &connection) {
            if case .ready(let template) = try store.template(version.key, on: &connection) { templates[version.key] = template }
        }
        var device = DeviceFold()
        var property = PropertyFold()
        var error = ErrorFold()
        var export = ExportFold()
        var finding = FindingFold(source: source.sourceID)
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var judge = Judge()
        var hash = SHA256()
        var window = RepeatWindow()
        var count = 0
        _ = try LogReader().read(source: source.sourceID, from: 0, limit: .max, on: &connection) { logged in
            guard logged.offset < end else { return }
            count += 1
            decoder.decode(logged.record, settings: source.settings, into: &event)
            let isRepeated = window.isRepeat(event, payload: logged.record.payload, offset: logged.offset)
            let size = logged.record.payload?.byteCount ?? 0
            let isExportable = ExportExpectation.unfiltered(event, logged.record) == .expected
            device.apply(
                event, device: logged.deviceKey, offset: logged.offset, size: size, isExportable: isExportable, isRepeated: isRepeated)
            property.apply(event, logged.record, decoder: decoder, device: logged.deviceKey, offset: logged.offset, hash: &hash)
            error.apply(event, logged.record, decoder: decoder, device: logged.deviceKey, offset: logged.offset, hash: &hash)
            export.apply(event, logged.record, decoder: decoder, offset: logged.offset)
            let resolution = epochs.resolve(
                templateRef: event.string(event.templateRef), tenant: event.string(event.tenant), deviceID: event.string(event.deviceID),
                offset: logged.offset)
            let template: TemplateInForce =
                switch resolution {
                case .unassigned: .unassigned
                case .unknown(let templateID): .unknown(templateID: templateID)
                case .version(let key): templates[key].map { .version($0) } ?? .unassigned
                }
            var findings: [Finding] = []
            judge.judge(event, payload: logged.record.payload, decoder: decoder, template: template, into: &findings)
            finding.apply(event, findings: findings, template: template, device: logged.deviceKey, offset: logged.offset, hash: &hash)
        }
        events = count
        take(device, finding, source.sourceID)
        lines.formUnion(factLines(property, error, export, source: source.sourceID))
    }

    private mutating func take(_ device: DeviceFold, _ finding: FindingFold, _ source: Int32) {
        for (key, delta) in device.devices {
            let hub = delta.hubConnection
            let columns = [
                "device_state", "\(source)", "\(key)", text(delta.firstSeen), text(delta.lastSeen), "\(delta.messages)", "\(delta.bytes)",
                "\(delta.telemetry)", "\(delta.repeated)", "\(delta.expired)", text(delta.firstTelemetry), text(delta.lastTelemetry),
                text(delta.lastProperty), text(delta.template, \.self), text(delta.templateAssigned) { _ in "" },
                text(delta.connection) { "\($0.rawValue)" },
                hub.map { "\($0.value.rawValue)|\($0.sequence.text)|\(text($0.time))|\($0.offset)" } ?? "|||",
                text(delta.presence) { "\($0.rawValue)" }, text(delta.provisioned) { $0 ? "1" : "2" }, text(delta.approved) { $0 ? "1" : "2" },
                text(delta.access) { "\($0.rawValue)" }, text(delta.simulated) { $0 ? "1" : "2" },
            ]
            lines.insert(columns.joined(separator: "|"))
            for life in delta.lives.all {
                lines.insert(
                    "device_life|\(source)|\(key)|\(life.generation)|\(text(life.firstTime))|\(text(life.lastTime))|\(life.lastOffset)|\(life.events)"
                )
            }
        }
        for (key, delta) in device.traffic {
            lines.insert(
                "device_hour|\(source)|\(key.device)|\(text(key.hour))|\(delta.messages)|\(delta.telemetry)|\(delta.bytes)|\(delta.repeated)|\(delta.connects)|\(delta.disconnects)|\(delta.delayed)|\(delta.delaySum)|\(delta.delayMax)|\(delta.exportable)|\(delta.exportableBytes)"
            )
        }
        for (key, delta) in device.tenants {
            lines.insert(
                "source_hour|\(source)|\(key.tenant)|\(text(key.hour))|\(delta.messages)|\(delta.telemetry)|\(delta.bytes)|\(delta.repeated)")
        }
        for (key, delta) in finding.tenants {
            lines.insert(
                "source_verdict_hour|\(source)|\(key.tenant)|\(text(key.hour))|\(delta.messages)|\(delta.failed)|\(delta.warned)|\(delta.malformed)")
        }
        for (key, delta) in finding.findings {
            lines.insert(
                "finding|\(source)|\(key.device)|\(key.day)|\(key.templateVersionKey)|\(key.module)|\(key.component)|\(key.path)|\(key.rule.rawValue)|\(delta.digest.count)|\(Int64(bitPattern: delta.digest.lane0))|\(Int64(bitPattern: delta.digest.lane1))|\(text(delta.firstTime))|\(delta.firstOffset)|\(text(delta.lastTime))|\(delta.lastOffset)|\(delta.nameHash)|\(delta.last.byteOffset)|\(delta.last.rule.severity.rawValue)|\(delta.templateRef)|\(delta.last.expected)|\(delta.last.actual)|\(delta.last.message)|\(delta.last.suggestion ?? "")"
            )
        }
        for (key, count) in finding.hours {
            lines.insert(
                "finding_hour|\(source)|\(text(key.hour))|\(key.tenant)|\(key.templateVersionKey)|\(key.templateRef)|\(key.component)|\(key.path)|\(key.rule.rawValue)|\(key.rule.severity.rawValue)|\(count)"
            )
        }
        for (key, delta) in finding.verdicts {
            lines.insert(
                "verdict_hour|\(source)|\(key.device)|\(text(key.hour))|\(delta.messages)|\(delta.failed)|\(delta.warned)|\(delta.malformed)")
        }
        for (key, delta) in finding.devices {
            let judged = delta.templateVersionKey
            lines.insert(
                "device_verdict|\(source)|\(key)|\(judged?.value ?? 0)|\(judged.map { text($0.time) } ?? "-infinity")|\(judged?.offset ?? -1)|\(delta.messages)|\(delta.failed)"
            )
        }
    }

    private func text(_ time: Timestamp?) -> String { time.map { "\($0.microseconds)" } ?? "" }

    private func text<Value>(_ writer: LastWriter<Value>?, _ value: (Value) -> String) -> String {
        writer.map { "\(value($0.value))|\($0.time.microseconds)|\($0.offset)" } ?? "||"
    }
}

/// The same lines out of the tables.
func storedLines(source: Int32) throws(PostgresError) -> Set<String> {
    var connection = try TestDatabase.connect()
    return Set(try connection.query(SelectLines(source: source)) + connection.query(SelectFactLines(source: source)))
}

private struct SelectLines: Statement {
    let source: Int32

    static let sql = """
        SELECT concat_ws('|', 'device_state', source_id, device_key, hindcast.test_us(first_seen), hindcast.test_us(last_seen), messages, bytes, telemetry,
            repeated, expired, hindcast.test_us(first_telemetry), hindcast.test_us(last_telemetry), hindcast.test_us(last_property),
            coalesce(template_ref, ''), hindcast.test_us(template_time), coalesce(template_offset::text, ''),
            '', hindcast.test_us(template_assigned_time), coalesce(template_assigned_offset::text, ''),
            coalesce(connection::text, ''), hindcast.test_us(connection_time), coalesce(connection_offset::text, ''),
            coalesce(hub_connection::text, ''), coalesce(hub_sequence, ''), hindcast.test_us(hub_connection_time), coalesce(hub_connection_offset::text, ''),
            coalesce(presence::text, ''), hindcast.test_us(presence_time), coalesce(presence_offset::text, ''),
            coalesce(provisioned::text, ''), hindcast.test_us(provisioned_time), coalesce(provisioned_offset::text, ''),
            coalesce(approved::text, ''), hindcast.test_us(approved_time), coalesce(approved_offset::text, ''),
            coalesce(access::text, ''), hindcast.test_us(access_time), coalesce(access_offset::text, ''),
            coalesce(simulated::text, ''), hindcast.test_us(simulated_time), coalesce(simulated_offset::text, ''))
        FROM hindcast.device_state WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'device_life', source_id, device_key, generation, hindcast.test_us(first_time), hindcast.test_us(last_time),
            last_offset, events)
        FROM hindcast.device_life WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'device_hour', source_id, device_key, hindcast.test_us(hour), messages, telemetry, bytes, repeated, connects,
            disconnects, delayed, delay_sum, delay_max, exportable, exportable_bytes)
        FROM hindcast.device_hour WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'source_hour', source_id, tenant, hindcast.test_us(hour), messages, telemetry, bytes, repeated)
        FROM hindcast.source_hour WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'source_verdict_hour', source_id, tenant, hindcast.test_us(hour), messages, failed, warned, malformed)
        FROM hindcast.source_verdict_hour WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'finding', source_id, device_key, day, template_version_key, module, component, path, rule, count, lane0, lane1,
            hindcast.test_us(first_time), first_offset, hindcast.test_us(last_time), last_offset, name_hash, byte_offset, severity, template_ref, expected, actual,
            message, coalesce(suggestion, ''))
        FROM hindcast.finding WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'finding_hour', source_id, hindcast.test_us(hour), tenant, template_version_key, template_ref, component, path, rule,
            severity, count)
        FROM hindcast.finding_hour WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'verdict_hour', source_id, device_key, hindcast.test_us(hour), messages, failed, warned, malformed)
        FROM hindcast.verdict_hour WHERE source_id = $1
        UNION ALL SELECT concat_ws('|', 'device_verdict', source_id, device_key, template_version_key, hindcast.test_us(judged_time), judged_offset, messages,
            failed)
        FROM hindcast.device_verdict WHERE source_id = $1
        """

    func bind(to parameters: inout Parameters) { parameters.append(source) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}

/// Fails where the tables do not hold exactly what the pure fold gives, and shows some of what differs.
func differences(source: Int32 = 1, before end: Int64 = .max) throws -> [String] {
    var connection = try TestDatabase.connect()
    try connection.execute(
        script: """
            CREATE OR REPLACE FUNCTION hindcast.test_us(t timestamptz) RETURNS text LANGUAGE sql AS $$
                SELECT CASE WHEN t IS NULL THEN '' WHEN t = '-infinity' THEN '-infinity' ELSE (extract(epoch FROM t) * 1000000)::bigint::text END $$
            """)
    guard let log = try LogSources.all(on: &connection).first(where: { $0.sourceID == source }) else { return ["no source \(source)"] }
    let expected = try PureFold(source: log, before: end, on: &connection).lines
    let actual = try storedLines(source: source)
    return expected.subtracting(actual).sorted().prefix(4).map { "expected \($0)" }
        + actual.subtracting(expected).sorted().prefix(4).map { "found \($0)" }
}
