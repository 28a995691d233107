/// The SQL files of `migrations/sql`, embedded so that a binary and the schema it expects cannot be parted.
package enum Migrations {
    /// One released file. Its text never changes after release; the migrator keeps a checksum of it.
    package struct File: Sendable {
        /// Position in the order of application, from 1, without gaps.
        package let version: Int
        /// The file's name without directory and ending, such as `m0001_roles`.
        package let name: String
        /// The text, with `{{role_…}}` where a role's name stands.
        package let sql: String
    }

    /// Every file, in the order of application.
    package static var all: [File] {
        let files: [(String, [UInt8])] = [
            ("m0001_roles", PackageResources.m0001_roles_sql),
            ("m0002_event_log", PackageResources.m0002_event_log_sql),
            ("m0003_catalog", PackageResources.m0003_catalog_sql),
            ("m0004_projections", PackageResources.m0004_projections_sql),
            ("m0005_views", PackageResources.m0005_views_sql),
            ("m0006_reindex", PackageResources.m0006_reindex_sql),
            ("m0007_properties", PackageResources.m0007_properties_sql),
            ("m0008_error_reports", PackageResources.m0008_error_reports_sql),
            ("m0009_device_snapshot", PackageResources.m0009_device_snapshot_sql),
            ("m0010_replay", PackageResources.m0010_replay_sql),
            ("m0011_traffic_views", PackageResources.m0011_traffic_views_sql),
            ("m0012_exports", PackageResources.m0012_exports_sql),
        ]
        return files.enumerated().map { index, file in
            File(version: index + 1, name: file.0, sql: String(decoding: file.1, as: UTF8.self))
        }
    }
}
