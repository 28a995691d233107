import DTDL
import Diagnostics
import Hashing
package import Postgres

/// Templates that a replay tries out and that nobody published: judged by like versions, listed nowhere.
package enum TemplateDrafts {
    /// Keeps a draft and says its number, which is of the versions' own sequence. Content that was published already keeps the published version's number.
    ///
    /// - Throws: ``CatalogError/Code/templateInvalid``.
    package static func keep(_ bytes: [UInt8], on connection: inout Connection) throws(CatalogError) -> (key: Int32, templateID: String) {
        let template = try Templates.read(bytes)
        let sha256 = SHA256.hash(template.canonicalJSON)
        let templateID = template.templateID
        let key = try connection.catalog { (connection: inout Connection) throws(PostgresError) in
            let known = try connection.query(SelectTemplateVersions(templateID: templateID))
            if let same = known.first(where: { $0.sha256 == sha256 }) { return same.key }
            guard let key = try connection.queryOne(InsertTemplateDraft(templateID: templateID, sha256: sha256, document: bytes)) else {
                throw PostgresError(.unexpectedValue, "inserting a draft returned no row, expected one")
            }
            return key
        }
        return (key, templateID)
    }

    /// Publishes a draft under its number. No generation notices: those that judge by it do so already. Nothing where it is no draft.
    ///
    /// - Throws: ``CatalogError/Code/draftPublished`` where the same content was published meanwhile, under another number.
    package static func publish(_ key: Int32, actor: String, on connection: inout Connection) throws(CatalogError) {
        let published = try connection.catalog { (connection: inout Connection) throws(PostgresError) -> TemplateVersion? in
            guard let draft = try connection.queryOne(SelectDraftIdentity(key: key)) else { return nil }
            try ControlLog.lock(on: &connection)
            let known = try connection.query(SelectTemplateVersions(templateID: draft.templateID))
            if let same = known.first(where: { $0.sha256.bytes == draft.sha256 }) { return same }
            guard let version = try connection.queryOne(PublishDraft(key: key)) else {
                throw PostgresError(.unexpectedValue, "publishing draft \(key) returned no row, expected one")
            }
            _ = try ControlLog.append(.publish, actor: actor, body: ControlBody.publish(version, isFirst: false), on: &connection)
            return nil
        }
        guard let published else { return }
        throw CatalogError(
            .draftPublished,
            "The template's content was published meanwhile, as version \(published.version) of \"\(published.templateID)\"; plan again with that version."
        )
    }

    /// Forgets a draft that nobody judges by any more; nothing where it is none.
    package static func forget(_ key: Int32, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(DeleteTemplateDraft(key: key))
    }
}

private struct InsertTemplateDraft: Statement {
    let templateID: String
    let sha256: SHA256Digest
    let document: [UInt8]

    static let sql = """
        INSERT INTO hindcast.template_draft (template_version_key, template_id, sha256, document)
        VALUES (nextval('hindcast.template_version_template_version_key_seq')::int, $1, $2, $3) RETURNING template_version_key
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(templateID)
        parameters.append(sha256.bytes)
        parameters.append(document)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int32 { try row.int32(0) }
}

private struct SelectDraftIdentity: Statement {
    let key: Int32

    static let sql = "SELECT template_id, sha256 FROM hindcast.template_draft WHERE template_version_key = $1"

    func bind(to parameters: inout Parameters) { parameters.append(key) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (templateID: String, sha256: [UInt8]) {
        (try row.string(0), try row.byteArray(1))
    }
}

private struct PublishDraft: Statement {
    let key: Int32

    static let sql = """
        WITH draft AS (DELETE FROM hindcast.template_draft WHERE template_version_key = $1 RETURNING *)
        INSERT INTO hindcast.template_version (template_version_key, template_id, version, sha256, document) OVERRIDING SYSTEM VALUE
        SELECT d.template_version_key, d.template_id,
            (SELECT coalesce(max(v.version), 0) + 1 FROM hindcast.template_version v WHERE v.template_id = d.template_id), d.sha256, d.document FROM draft d
        RETURNING template_version_key, template_id, version, sha256, published_at
        """

    func bind(to parameters: inout Parameters) { parameters.append(key) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> TemplateVersion { try TemplateVersion(row, isInForce: false) }
}

private struct DeleteTemplateDraft: Statement {
    let key: Int32

    static let sql = "DELETE FROM hindcast.template_draft WHERE template_version_key = $1"

    func bind(to parameters: inout Parameters) { parameters.append(key) }
}
