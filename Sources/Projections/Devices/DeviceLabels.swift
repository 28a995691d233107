package import Diagnostics
import EventLog
package import Postgres

/// What the rules in SQL say of a state: the answers of `hindcast.life_start`, `hindcast.registration_label` and `hindcast.connection_label`.
package struct DeviceLabels: Equatable, Sendable {
    /// Since when the device lives that has the id now; nil for as long as anything is known.
    package let lifeStart: Timestamp?
    /// One of `deleted`, `blocked`, `unapproved`, `provisioned`, `registered`, `unknown`.
    package let registration: String
    /// One of `connected`, `disconnected`, `unknown`.
    package let connection: String

    /// Asks the functions that the views ask, so that a state of the past is judged as the present one is.
    package static func read(_ state: DeviceState, on connection: inout Connection) throws(PostgresError) -> DeviceLabels {
        guard let labels = try connection.queryOne(SelectDeviceLabels(state: state)) else {
            throw PostgresError(.unexpectedValue, "asking for the labels of a state returned no row, expected one")
        }
        return labels
    }
}

private struct SelectDeviceLabels: Statement {
    let state: DeviceState

    static let sql = """
        SELECT nullif(l.life_start, '-infinity'),
            hindcast.registration_label(l.life_start, $4, $1, $5, $6, $7, $8, $9, $10, greatest($12, $14), $15),
            hindcast.connection_label(l.life_start, $11, $12, $13, $14, $15)
        FROM (SELECT hindcast.life_start($1, $2, $3) AS life_start) l
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(time(state.presence))
        parameters.append(Int64(state.lives.all.count))
        parameters.append(state.lives.current.map { PostgresTimestamp($0.firstTime) })
        parameters.append(state.presence?.value.rawValue)
        parameters.append(state.access?.value.rawValue)
        parameters.append(time(state.access))
        parameters.append(number(state.approved))
        parameters.append(time(state.approved))
        parameters.append(number(state.provisioned))
        parameters.append(time(state.provisioned))
        parameters.append(state.connection?.value.rawValue)
        parameters.append(time(state.connection))
        parameters.append(state.hubConnection?.value.rawValue)
        parameters.append(time(state.hubConnection))
        parameters.append(state.lastTelemetry.map { PostgresTimestamp($0) })
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> DeviceLabels {
        DeviceLabels(
            lifeStart: try row.timestampOrNil(0).map { Timestamp($0) }, registration: try row.string(1), connection: try row.string(2))
    }

    private func time<Value>(_ fact: DeviceState.Fact<Value>?) -> PostgresTimestamp? { fact.map { PostgresTimestamp($0.time) } }

    private func number(_ fact: DeviceState.Fact<Bool>?) -> Int16? { fact.map { $0.value ? 1 : 2 } }
}
