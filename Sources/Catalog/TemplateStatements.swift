import Diagnostics
import Hashing
import Postgres

/// The versions of one template, or of all, by id and ordinal. What is in force is what the control log said last.
struct SelectTemplateVersions: Statement {
    let templateID: String?

    static let sql = """
        SELECT v.template_version_key, v.template_id, v.version, v.sha256, v.published_at, v.template_version_key = (
            SELECT (c.body ->> 'version_key')::int FROM hindcast.control_event c
            WHERE c.body ->> 'template_id' = v.template_id
                AND (c.kind IN ('activate', 'promote') OR c.kind = 'publish' AND (c.body ->> 'first')::boolean)
            ORDER BY c.control_seq DESC LIMIT 1) IS TRUE
        FROM hindcast.template_version v
        WHERE $1::text IS NULL OR v.template_id = $1
        ORDER BY v.template_id, v.version
        """

    func bind(to parameters: inout Parameters) { parameters.append(templateID) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> TemplateVersion {
        try TemplateVersion(row, isInForce: try row.bool(5))
    }
}

struct InsertTemplateVersion: Statement {
    let templateID: String
    let version: Int32
    let sha256: SHA256Digest
    let document: [UInt8]
    let isFirst: Bool

    static let sql = """
        INSERT INTO hindcast.template_version (template_id, version, sha256, document) VALUES ($1, $2, $3, $4)
        RETURNING template_version_key, template_id, version, sha256, published_at, $5::boolean
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(templateID)
        parameters.append(version)
        parameters.append(sha256.bytes)
        parameters.append(document)
        parameters.append(isFirst)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> TemplateVersion {
        try TemplateVersion(row, isInForce: try row.bool(5))
    }
}

struct SelectTemplateDocument: Statement {
    struct Row: Sendable {
        let templateID: String
        let version: Int32
        let document: [UInt8]
    }

    let key: Int32

    // Drafts have numbers of the same sequence, and no ordinal.
    static let sql = """
        SELECT template_id, version, document FROM hindcast.template_version WHERE template_version_key = $1
        UNION ALL SELECT template_id, 0, document FROM hindcast.template_draft WHERE template_version_key = $1
        LIMIT 1
        """

    func bind(to parameters: inout Parameters) { parameters.append(key) }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Row {
        Row(templateID: try row.string(0), version: try row.int32(1), document: try row.byteArray(2))
    }
}

extension TemplateVersion {
    /// Key, id, ordinal, hash and time from the first five columns.
    init(_ row: borrowing RowView, isInForce: Bool) throws(PostgresError) {
        guard let sha256 = SHA256Digest(bytes: try row.byteArray(3)) else {
            throw PostgresError(.unexpectedValue, "the hash of template version \(try row.int32(0)) is no SHA-256 of 32 bytes")
        }
        self.init(
            key: try row.int32(0), templateID: try row.string(1), version: try row.int32(2), sha256: sha256,
            publishedAt: Timestamp(microseconds: try row.timestamp(4).rawValue), isInForce: isInForce)
    }
}
