import Diagnostics
import Postgres

extension ErrorFold {
    /// The temporary tables that its changes go through.
    static let tables: [DeltaTable] = [.deviceError]

    /// Writes the changes of a batch, in its transaction.
    func write(source: Int32, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        if !errors.isEmpty {
            rows.removeAll()
            rows.append(errors)
            try connection.copyIn(DeltaTable.deviceError.copy, rows)
            try connection.execute(MergeErrors(source: source))
            if errors.values.contains(where: { $0.nameHash != 0 }) { try connection.execute(TrimUnknownErrors(source: source)) }
        }
    }
}
