import JSON
import LogSupport
import Postgres
import TestSupport
import Testing

/// Missing events that are posted to an HTTP endpoint of this machine.
@Suite(.database) struct ExportWebhookTests {
    private static let path = "/hook?code=hush-hush&sig=c2VjcmV0"
    private static let secrets = ["hush-hush", "c2VjcmV0", "tok3n", "s3same"]

    private func backfill(
        _ id: String, _ endpoint: ScriptedEndpoint, _ more: [String] = [], user: String = ""
    ) async throws -> Program.Outcome {
        let outcome = try await MissedTelemetry.export(
            ["backfill", id, "--into", "http://\(user)127.0.0.1:\(endpoint.port)\(Self.path)"] + more,
            TestDatabase.environment.merging(["HINDCAST_LOG_LEVEL": "trace"]) { $1 })
        for secret in Self.secrets {
            #expect(!outcome.output.contains(secret) && !outcome.errors.contains(secret), "\(secret): \(outcome.output)\(outcome.errors)")
        }
        return outcome
    }

    /// Which of the secrets stand anywhere in the database.
    private func stored() throws -> [String] {
        var superuser = try TestDatabase.connect()
        let content = try superuser.queryOne(SelectEverything()) ?? ""
        #expect(content.contains("127.0.0.1"), "the target is stored")
        return Self.secrets.filter { content.contains($0) }
    }

    private func state() throws -> BackfillState? {
        var superuser = try TestDatabase.connect()
        return try superuser.queryOne(SelectBackfill())
    }

    @Test func `a refusal stops with what the endpoint says and counts nothing, and the same command goes on`() async throws {
        try await MissedTelemetry.prepare()
        let id = try await MissedTelemetry.gap()
        let token = try TemporaryFile("Bearer tok3n\n")
        // Two hundred are counted together.
        let endpoint = try ScriptedEndpoint(Array(repeating: .answer(202), count: 230) + [.echo(403)])
        let refused = try await backfill(id, endpoint, ["--authorization-file", token.path])
        #expect(refused.status == 3, "\(refused.output)\(refused.errors)")
        #expect(refused.errors.contains("answered 403") && refused.errors.contains("cannot take /hook?*****"), "\(refused.errors)")
        #expect(refused.errors.contains("http://127.0.0.1:\(endpoint.port)/hook?…"), "\(refused.errors)")
        #expect(endpoint.requests.count == 231)
        #expect(endpoint.requests.allSatisfy { $0["authorization"] == "Bearer tok3n" && $0.target == Self.path })
        #expect(try state() == BackfillState(sent: 200, isFinished: false, isOwned: false))
        let first = endpoint.requests.compactMap { $0["ce-id"] }

        endpoint.begin([])
        let sent = try await backfill(id, endpoint, ["--authorization-file", token.path])
        #expect(
            sent.status == 0 && sent.output.contains("\(MissedTelemetry.devices) events sent into http://127.0.0.1"), "\(sent.output)\(sent.errors)")
        #expect(try state() == BackfillState(sent: Int64(MissedTelemetry.devices), isFinished: true, isOwned: false))
        let second = endpoint.requests.compactMap { $0["ce-id"] }
        #expect(second.count == MissedTelemetry.devices - 200)
        #expect(Array(first[200...]) == Array(second[..<31]), "what was not counted is sent again under the same ids")
        #expect(Set(first + second).count == MissedTelemetry.devices)
        #expect(Set(endpoint.requests.compactMap { $0["ce-subject"] }) == Set((201...MissedTelemetry.devices).map { "pump-\($0)" }))
        #expect(try stored() == [])
        let gaps = try await MissedTelemetry.export(["gaps", "--state", "filled"])
        #expect(gaps.output.contains(id), "\(gaps.output)")
    }

    @Test func `a user in the address is told to the endpoint and to nobody else`() async throws {
        try await MissedTelemetry.prepare()
        let id = try await MissedTelemetry.gap()
        let endpoint = try ScriptedEndpoint([.answer(500)], otherwise: .answer(200))
        let forecast = try await backfill(id, endpoint, ["--dry-run"], user: "ada:s3same@")
        #expect(
            forecast.status == 0 && forecast.output.contains("into http://127.0.0.1:\(endpoint.port)/hook?…"), "\(forecast.output)\(forecast.errors)")
        #expect(endpoint.requests.isEmpty)
        let sent = try await backfill(id, endpoint, user: "ada:s3same@")
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(sent.errors.contains("Message not taken"), "\(sent.errors)")
        #expect(endpoint.requests.count == MissedTelemetry.devices + 1)
        #expect(endpoint.requests.allSatisfy { $0["authorization"] == "Basic YWRhOnMzc2FtZQ==" })
        #expect(try stored() == [])
    }

    @Test func `an authorization file that cannot be one is refused with what to do, and nothing begins`() async throws {
        try await MissedTelemetry.prepare()
        let id = try await MissedTelemetry.gap()
        let endpoint = try ScriptedEndpoint()
        let good = try TemporaryFile("Bearer tok3n")
        for (content, advice) in [
            ("", "is empty"), ("\n", "is empty"), ("Bearer tok3n\r\n", "carriage return"), ("Bearer tok3n\rX: y", "carriage return"),
            ("Bearer tok3n\n\n", "more than one line"), ("Bearer tok3n\nBearer tok3n\n", "more than one line"),
            ("Bearer tok3n\u{0}", "control character"),
            ("\u{FEFF}Bearer tok3n", "outside ASCII"), ("Bearer tok3n ", "ends with a blank"), ("Authorization: Bearer tok3n", "name too"),
            ("Bearer " + String(repeating: "tok3n", count: 4000), "longer than 16384"),
        ] {
            let file = try TemporaryFile(content)
            let outcome = try await backfill(id, endpoint, ["--authorization-file", file.path])
            #expect(outcome.status == 2, "\(advice): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains(advice) && outcome.errors.contains(file.path), "\(outcome.errors)")
        }
        for (arguments, advice) in [
            (["--into", "http://127.0.0.1:\(endpoint.port)/", "--authorization-file", "/nowhere/token"], "Cannot read the authorization file"),
            (["--into", "http://127.0.0.1:\(endpoint.port)/", "--authorization-file", "/"], "Cannot read the authorization file"),
            (["--into", "http://127.0.0.1:\(endpoint.port)/", "--authorization-file", "/dev/zero"], "longer than"),
            (["--into", "http://ada:s3same@127.0.0.1:\(endpoint.port)/", "--authorization-file", good.path], "leave one of them out"),
            (["--into", "http://hooks.example.com/", "--authorization-file", good.path], "not encrypted"),
            (["--into", "http://ada:s3same@hooks.example.com/"], "not encrypted"),
            (["--into", "file:/tmp/nowhere", "--authorization-file", good.path], "is about a target https://"),
            (["--into", "https://ada:1/s3same@hooks.example.com/"], "behind its host"),
        ] {
            let outcome = try await MissedTelemetry.export(["backfill", id] + arguments)
            #expect(outcome.status == 2, "\(arguments): \(outcome.status) \(outcome.errors)")
            #expect(outcome.errors.contains(advice) && !outcome.errors.contains("s3same"), "\(outcome.errors)")
        }
        #expect(try MissedTelemetry.backfills() == 0)
        #expect(endpoint.requests.isEmpty)
    }
}

/// How far the only backfill has come.
private struct BackfillState: Equatable, Sendable {
    let sent: Int64
    let isFinished: Bool
    let isOwned: Bool
}

private struct SelectBackfill: Statement {
    static let sql = "SELECT sent, finished_at IS NOT NULL, owner IS NOT NULL FROM hindcast.export_backfill"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> BackfillState {
        BackfillState(sent: try row.int64(0), isFinished: try row.bool(1), isOwned: try row.bool(2))
    }
}

/// Every row of every table as one text: the control log, backfills, and whatever a secret could have got into.
private struct SelectEverything: Statement {
    // By JSON, since XML Schema knows no infinite times.
    static let sql = """
        SELECT string_agg(query_to_xml(format('SELECT to_jsonb(t)::text AS content FROM %I.%I t', schemaname, tablename), true, false, '')::text, '')
        FROM pg_tables WHERE schemaname = 'hindcast'
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
