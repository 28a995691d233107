import Diagnostics
import Postgres

/// Whose rows a chunk of a replay leaves behind.
struct PartialPlace {
    let run: Int32
    let chunk: Int32
    let generation: Int32
    let source: Int32
}

extension FindingFold {
    /// The temporary tables that a chunk's changes go through. What can be summed from these at the end is not kept per chunk.
    static let partialTables: [DeltaTable] = [.finding, .findingHour, .deviceVerdict, .verdictHour]

    /// Writes the changes of a chunk beside the tables that live workers merge into: chunks of one source are folded at the same time, and MERGE knows no other
    /// writer.
    func write(as place: PartialPlace, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        rows.removeAll()
        rows.append(findings)
        try connection.copyIn(DeltaTable.finding.copy, rows)
        try connection.execute(InsertPartialFindings(place: place))
        rows.removeAll()
        rows.append(hours)
        try connection.copyIn(DeltaTable.findingHour.copy, rows)
        try connection.execute(InsertPartialFindingHours(place: place))
        rows.removeAll()
        rows.append(devices)
        try connection.copyIn(DeltaTable.deviceVerdict.copy, rows)
        try connection.execute(InsertPartialDeviceVerdicts(place: place))
        rows.removeAll()
        rows.append(verdicts)
        try connection.copyIn(DeltaTable.verdictHour.copy, rows)
        try connection.execute(InsertPartialVerdictHours(place: place))
    }
}

extension PartialPlace {
    func bind(to parameters: inout Parameters) {
        parameters.append(run)
        parameters.append(chunk)
        parameters.append(generation)
        parameters.append(source)
    }
}

private struct InsertPartialFindings: Statement {
    let place: PartialPlace

    static let sql = """
        INSERT INTO hindcast.replay_finding (
            run_id, chunk, generation, source_id, count, lane0, lane1, first_time, first_offset, last_time, last_offset, name_hash, byte_offset, device_key,
            day, template_version_key, severity, module, component, path, rule, template_ref, expected, actual, message, suggestion)
        SELECT $1, $2, $3, $4, s.count, s.lane0, s.lane1, s.first_time, s.first_offset, s.last_time, s.last_offset, s.name_hash, s.byte_offset, s.device_key,
            s.day, s.template_version_key, s.severity, s.module, s.component, s.path, s.rule, s.template_ref, s.expected, s.actual, s.message, s.suggestion
        FROM pg_temp.finding_delta s
        """

    func bind(to parameters: inout Parameters) { place.bind(to: &parameters) }
}

private struct InsertPartialFindingHours: Statement {
    let place: PartialPlace

    static let sql = """
        INSERT INTO hindcast.replay_finding_hour (
            run_id, chunk, generation, source_id, hour, count, template_version_key, severity, tenant, template_ref, component, path, rule)
        SELECT $1, $2, $3, $4, s.hour, s.count, s.template_version_key, s.severity, s.tenant, s.template_ref, s.component, s.path, s.rule
        FROM pg_temp.finding_hour_delta s
        """

    func bind(to parameters: inout Parameters) { place.bind(to: &parameters) }
}

private struct InsertPartialDeviceVerdicts: Statement {
    let place: PartialPlace

    static let sql = """
        INSERT INTO hindcast.replay_device_verdict (
            run_id, chunk, generation, source_id, device_key, template_version_key, judged_time, judged_offset, messages, failed)
        SELECT $1, $2, $3, $4, s.device_key, s.template_version_key, s.judged_time, s.judged_offset, s.messages, s.failed
        FROM pg_temp.device_verdict_delta s
        """

    func bind(to parameters: inout Parameters) { place.bind(to: &parameters) }
}

private struct InsertPartialVerdictHours: Statement {
    let place: PartialPlace

    static let sql = """
        INSERT INTO hindcast.replay_verdict_hour (run_id, chunk, generation, source_id, device_key, hour, messages, failed, warned, malformed)
        SELECT $1, $2, $3, $4, s.device_key, s.hour, s.messages, s.failed, s.warned, s.malformed FROM pg_temp.verdict_hour_delta s
        """

    func bind(to parameters: inout Parameters) { place.bind(to: &parameters) }
}
