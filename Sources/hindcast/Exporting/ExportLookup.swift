import Postgres

/// Tells an answer of nothing from a question about exports that nobody knows.
enum ExportLookup {
    /// Says which filter no export passes. To be asked only where nothing was found: then an empty answer would sound like good news.
    ///
    /// - Throws: ``ExitStatus/unknown``.
    static func refuseUnknown(
        tenant: String?, export: String? = nil, destination: String? = nil, on connection: inout Connection
    ) throws {
        var routes = try connection.query(SelectExportStatus(tenant: nil))
        let filters: [(what: String, name: String?, part: (ExportStatusRow) -> String)] = [
            ("of tenant", tenant, { $0.tenant }), ("with the id", export, { $0.export }), ("with a destination", destination, { $0.destination }),
        ]
        for (what, name, part) in filters {
            guard let name else { continue }
            let known = Set(routes.map(part))
            guard known.contains(name) else {
                let hint =
                    NearestName.of(name, among: known.sorted()).map { "; did you mean \"\($0)\"?" } ?? "; `hindcast export list` shows what is known."
                throw OperatorError(.unknown, "`hindcast project` has seen no export \(what) \"\(name)\" so far\(hint)")
            }
            routes.removeAll { part($0) != name }
        }
        if routes.isEmpty {
            Output.error("hindcast: `hindcast project` has seen no export so far; `hindcast export import` stores what they are.")
        }
    }
}
