import DTDL
package import Diagnostics
package import Postgres
import Synchronization

/// A stored version as this program understands it.
package enum StoredTemplate: Sendable {
    /// Ready to judge by.
    case ready(PublishedTemplate)
    /// There, but this program cannot read it: every event that it applies to gets a finding that says so.
    case broken(templateID: String, version: Int32, reason: String)
    /// Not there, though a control event names it.
    case missing
}

/// Compiled templates by version key, shared by all threads. Versions are immutable, so nothing here ever goes stale.
package final class TemplateStore: Sendable {
    private let templates = Mutex<[Int32: StoredTemplate]>([:])

    package init() {}

    /// A version, compiled at its first use.
    package func template(_ key: Int32, on connection: inout Connection) throws(PostgresError) -> StoredTemplate {
        if let known = templates.withLock({ $0[key] }) { return known }
        // Two threads may compile the same version once each; neither waits for the other meanwhile.
        guard let row = try connection.queryOne(SelectTemplateDocument(key: key)) else { return .missing }
        let stored: StoredTemplate
        do throws(TemplateError) {
            let template = try DeviceTemplate(bytes: row.document)
            stored = .ready(PublishedTemplate(key: key, templateID: row.templateID, version: row.version, compiled: template.compiled))
        } catch {
            stored = .broken(templateID: row.templateID, version: row.version, reason: error.description)
        }
        templates.withLock { $0[key] = stored }
        return stored
    }
}
