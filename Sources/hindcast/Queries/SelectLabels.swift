import Diagnostics
import EventLog
import Postgres

/// Asks the functions that views ask too what a device's facts mean.
struct SelectLabels: Statement {
    /// The words for a state.
    struct Row: Hashable, Sendable {
        let registration: String
        let connection: String
    }

    let state: DeviceState

    static let sql = """
        SELECT hindcast.registration_label(l.start, $4, $1, $5, $6, $7, $8, $9, $10, greatest($12, $14), $15),
            hindcast.connection_label(l.start, $11, $12, $13, $14, $15)
        FROM (SELECT hindcast.life_start($1, $2, $3) AS start) l
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(Self.time(state.presence?.time))
        parameters.append(Int64(state.lives.all.count))
        parameters.append(Self.time(state.lives.current?.firstTime))
        parameters.append(state.presence?.value.rawValue)
        parameters.append(state.access?.value.rawValue)
        parameters.append(Self.time(state.access?.time))
        parameters.append(Self.number(state.approved?.value))
        parameters.append(Self.time(state.approved?.time))
        parameters.append(Self.number(state.provisioned?.value))
        parameters.append(Self.time(state.provisioned?.time))
        parameters.append(state.connection?.value.rawValue)
        parameters.append(Self.time(state.connection?.time))
        parameters.append(state.hubConnection?.value.rawValue)
        parameters.append(Self.time(state.hubConnection?.time))
        parameters.append(Self.time(state.lastTelemetry))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(registration: try row.string(0), connection: try row.string(1))
    }

    private static func time(_ time: Timestamp?) -> PostgresTimestamp? { time.map { PostgresTimestamp($0) } }

    /// 1 yes, 2 no, as `device_state` has it.
    private static func number(_ value: Bool?) -> Int16? { value.map { $0 ? 1 : 2 } }
}
