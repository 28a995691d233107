import Postgres
import TestSupport

extension TestDatabase {
    /// The environment that has the program use the running test's database.
    static var environment: [String: String] {
        let settings = current.settings
        let name = settings.database ?? ""
        let isURI = settings.conninfo.contains("://")
        let separator = settings.conninfo.contains("?") ? "&" : "?"
        return ["HINDCAST_POSTGRES_URL": isURI ? "\(settings.conninfo)\(separator)dbname=\(name)" : "\(settings.conninfo) dbname=\(name)"]
    }
}
