import Diagnostics
import Postgres

extension PropertyFold {
    /// The temporary tables that its changes go through.
    static let tables: [DeltaTable] = [.deviceProperty]

    /// Writes the changes of a batch, in its transaction.
    func write(source: Int32, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        guard !properties.isEmpty else { return }
        rows.removeAll()
        rows.append(properties)
        try connection.copyIn(DeltaTable.deviceProperty.copy, rows)
        try connection.execute(MergeProperties(source: source))
        try connection.execute(TrimPropertyNames(source: source))
    }
}
