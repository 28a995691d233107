import DTDL
import Diagnostics
import Hashing
package import Postgres

/// Publishing, activating and assigning device templates: each is one transaction with its control event.
package enum Templates {
    /// The most bytes of a device id pattern: no id is longer.
    private static let patternLimit = BoundedText.identifierLimit

    /// Finds out whether ``publish(_:actor:on:)`` would take these bytes, for who publishes several files or none.
    ///
    /// - Throws: ``CatalogError/Code/templateInvalid``.
    package static func check(_ bytes: [UInt8]) throws(CatalogError) { _ = try read(bytes) }

    /// Stores a version. The same content under the same id, whatever its white space and order of keys, is no new version.
    ///
    /// The first version of an id is in force; later ones wait for ``activate(_:version:actor:on:)``.
    ///
    /// - Throws: ``CatalogError/Code/templateInvalid``.
    package static func publish(_ bytes: [UInt8], actor: String, on connection: inout Connection) throws(CatalogError) -> PublishResult {
        let template = try read(bytes)
        let issues = template.issues.map { PublishResult.Issue(code: $0.code.rawValue, message: $0.message, line: $0.line) }
        let templateID = template.templateID
        let sha256 = SHA256.hash(template.canonicalJSON)
        return try connection.withTransaction { (connection: inout Connection) throws(CatalogError) in
            try connection.catalog { (connection: inout Connection) throws(PostgresError) in
                // Two who publish at once must not both find that a version is the first.
                try ControlLog.lock(on: &connection)
                let known = try versions(of: templateID, on: &connection)
                if let same = known.first(where: { $0.sha256 == sha256 }) { return PublishResult(version: same, isNew: false, issues: issues) }
                let insert = InsertTemplateVersion(
                    templateID: templateID, version: (known.map(\.version).max() ?? 0) + 1, sha256: sha256, document: bytes, isFirst: known.isEmpty)
                guard let version = try connection.queryOne(insert) else {
                    throw PostgresError(.unexpectedValue, "inserting a template version returned no row, expected one")
                }
                _ = try ControlLog.append(.publish, actor: actor, body: ControlBody.publish(version, isFirst: known.isEmpty), on: &connection)
                return PublishResult(version: version, isNew: true, issues: issues)
            }
        }
    }

    /// The template, if its id is one that can be stored.
    static func read(_ bytes: [UInt8]) throws(CatalogError) -> DeviceTemplate {
        let template: DeviceTemplate
        do throws(TemplateError) {
            template = try DeviceTemplate(bytes: bytes)
        } catch {
            throw CatalogError(.templateInvalid, error.description)
        }
        let templateID = template.templateID
        guard !templateID.isEmpty, BoundedText.bound(templateID, limit: BoundedText.identifierLimit) == templateID else {
            throw CatalogError(
                .templateInvalid,
                "The template's id has \(templateID.utf8.count) bytes, expected 1 to \(BoundedText.identifierLimit) without NUL; give it a shorter @id."
            )
        }
        return template
    }

    /// Puts a version in force from now on. Where it is in force already, nothing is recorded.
    ///
    /// - Parameter reference: an ordinal or the beginning of a hash; see ``VersionReference``.
    package static func activate(
        _ templateID: String, version reference: String, actor: String, on connection: inout Connection
    ) throws(CatalogError) -> ActivateResult {
        let reference = try VersionReference(reference)
        return try connection.withTransaction { (connection: inout Connection) throws(CatalogError) in
            let known = try lockedVersions(of: templateID, on: &connection)
            let version = try reference.resolve(among: known, of: templateID)
            if version.isInForce { return ActivateResult(version: version, controlSeq: nil) }
            let seq = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
                try ControlLog.append(.activate, actor: actor, body: ControlBody.activate(version), on: &connection)
            }
            let activated = TemplateVersion(
                key: version.key, templateID: version.templateID, version: version.version, sha256: version.sha256,
                publishedAt: version.publishedAt, isInForce: true)
            return ActivateResult(version: activated, controlSeq: seq)
        }
    }

    /// Has devices whose messages name no template judged by this one, from now on. A later assignment overrides an earlier one.
    ///
    /// - Parameters:
    ///   - tenant: empty means every tenant.
    ///   - devices: patterns of device ids with `*` and `?`.
    /// - Returns: the control event's number.
    package static func assign(
        _ templateID: String, tenant: String, devices: [String], actor: String, on connection: inout Connection
    ) throws(CatalogError) -> Int64 {
        guard !devices.isEmpty else {
            throw CatalogError(.patternInvalid, "No devices were named, expected at least one id or pattern such as \"pump-*\".")
        }
        for pattern in devices where pattern.isEmpty || pattern.utf8.count > patternLimit || pattern.utf8.contains(0) {
            throw CatalogError(
                .patternInvalid,
                "A device pattern has \(pattern.utf8.count) bytes, expected 1 to \(patternLimit) without NUL: no device id is longer.")
        }
        return try connection.withTransaction { (connection: inout Connection) throws(CatalogError) in
            _ = try lockedVersions(of: templateID, on: &connection)
            let body = ControlBody.assign(templateID: templateID, tenant: tenant, devices: devices)
            return try connection.catalog { (connection: inout Connection) throws(PostgresError) in
                try ControlLog.append(.assign, actor: actor, body: body, on: &connection)
            }
        }
    }

    /// Every version of every template, by id and ordinal.
    package static func list(on connection: inout Connection) throws(CatalogError) -> [TemplateVersion] {
        try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            try connection.query(SelectTemplateVersions(templateID: nil))
        }
    }

    /// A version and its document as it was published; without a reference, the one in force.
    package static func show(
        _ templateID: String, version reference: String?, on connection: inout Connection
    ) throws(CatalogError) -> (version: TemplateVersion, document: [UInt8]) {
        let reference = if let reference { try VersionReference(reference) } else { VersionReference?.none }
        let known = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            try versions(of: templateID, on: &connection)
        }
        let version = try choose(known, reference, of: templateID)
        return try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            guard let row = try connection.queryOne(SelectTemplateDocument(key: version.key)) else {
                throw PostgresError(.unexpectedValue, "template version \(version.key) is gone, expected it to be immutable")
            }
            return (version, row.document)
        }
    }

    /// A version's document by its number, published or draft.
    package static func document(_ key: Int32, on connection: inout Connection) throws(CatalogError) -> [UInt8] {
        let row = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            try connection.queryOne(SelectTemplateDocument(key: key))
        }
        guard let row else { throw CatalogError(.versionUnknown, "There is no template version number \(key).") }
        return row.document
    }

    // MARK: -

    private static func choose(
        _ versions: [TemplateVersion], _ reference: VersionReference?, of templateID: String
    ) throws(CatalogError) -> TemplateVersion {
        guard !versions.isEmpty else { throw unknown(templateID) }
        if let reference { return try reference.resolve(among: versions, of: templateID) }
        guard let inForce = versions.first(where: \.isInForce) else { throw unknown(templateID) }
        return inForce
    }

    private static func versions(of templateID: String, on connection: inout Connection) throws(PostgresError) -> [TemplateVersion] {
        try connection.query(SelectTemplateVersions(templateID: templateID))
    }

    /// The versions of a template that has some, with every other decision held off until the transaction ends.
    private static func lockedVersions(of templateID: String, on connection: inout Connection) throws(CatalogError) -> [TemplateVersion] {
        let known = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            try ControlLog.lock(on: &connection)
            return try versions(of: templateID, on: &connection)
        }
        guard !known.isEmpty else { throw unknown(templateID) }
        return known
    }

    private static func unknown(_ templateID: String) -> CatalogError {
        CatalogError(
            .templateUnknown,
            "No template \"\(BoundedText.bound(templateID, limit: BoundedText.pathLimit))\" was published here; `hindcast template list` shows those that were."
        )
    }
}
