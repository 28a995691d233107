import Postgres
import TestSupport

/// A fleet of meters that send `Temperature`, for which the template in force says `temperature`.
struct MeterFleet {
    static let templateID = "dtmi:example:Meter;1"

    let devices: Int
    /// Messages of each device.
    let messages: Int

    /// A template that calls the telemetry so, with values of this schema.
    static func template(_ name: String, _ schema: String = "double", id: String = templateID) -> String {
        """
        {"@context":"dtmi:dtdl:context;2","@id":"\(id)","@type":"Interface","contents":[{"@type":"Telemetry","name":"\(name)","schema":"\(schema)"}]}
        """
    }

    private var capture: String {
        var lines = ""
        for number in 0..<(devices * messages) {
            let device = "meter-\(number % devices)"
            let payload = """
                {"applicationId":"app","messageSource":"telemetry","schema":"default@v1","deviceId":"\(device)","templateId":"\(Self.templateID)",\
                "enqueuedTime":"2026-06-01T12:00:00.000Z","telemetry":{"Temperature":\(20 + number % 10).5}}
                """
            lines += CaptureText.line(key: device, payload: payload, offset: number)
        }
        return lines
    }

    /// Publishes the template, logs what the fleet sent, and projects it.
    func prepare() async throws {
        let template = try TemporaryFile(Self.template("temperature"))
        let capture = try TemporaryFile(capture)
        for arguments in [
            ["template", "publish", template.path], ["ingest", "--capture", capture.path, "--name", "meters"], ["project", "--exit-at-end"],
        ] {
            let outcome = try await Program.run(arguments, environment: TestDatabase.environment)
            guard outcome.status == 0 else { throw MeterFleetFailure(description: "\(arguments): \(outcome.errors)") }
        }
    }
}

/// A step of the preparation that failed.
struct MeterFleetFailure: Error, CustomStringConvertible {
    let description: String
}

/// Tables that replays left behind: those of generations that are neither live nor kept up, and of runs.
struct SelectReplayLeftovers: Statement {
    static let sql = """
        SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'hindcast' AND c.relkind IN ('r', 'p') AND (c.relname ~ '^replay_.*_r[0-9]+$'
            OR substring(c.relname FROM '_g([0-9]+)(?:_d.*)?$')::int IN (
                SELECT g.generation FROM hindcast.generation g WHERE g.state NOT IN ('live', 'ready', 'catching_up')))
        ORDER BY 1
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
