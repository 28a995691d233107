import Logging
import Postgres
import Testing

@Suite struct PostgresSettingsTests {
    @Test(arguments: [
        "host=db.example user=ada password=s3cret dbname=x", "postgresql://ada:s3cret@db.example:5433/x",
        "postgres://db.example/x?user=ada&password=s3cret",
        "host=db.example password='s3cret' sslpassword=s3cret", "password=s3cret this is not valid", "postgresql://ada:s3cret%zz@db.example/x",
        "host=db.example password=my s3cret dbname=x", "host=db.example password=my s3cret=1",
    ]) func `no password is shown, whatever the string is like`(conninfo: String) {
        let settings = PostgresSettings(conninfo)
        var dumped = ""
        dump(settings, to: &dumped)
        for shown in [settings.description, String(reflecting: settings), "\(settings)", dumped] {
            #expect(!shown.contains("s3cret"), "\(shown)")
        }
        do throws(PostgresError) {
            try settings.validate()
            #expect(settings.description.contains("password=***"))
        } catch {
            #expect(error.code == .invalidSettings)
            #expect(!error.description.contains("s3cret") && !error.debugDescription.contains("s3cret"), "\(error.debugDescription)")
        }
    }

    @Test func `what is not secret is shown`() {
        let settings = PostgresSettings("host=db.example user=ada dbname=x").with(database: "y").with(role: "hindcast_ingest")
        #expect(settings.description.contains("host=db.example"))
        #expect(settings.description.contains("user=ada"))
        #expect(settings.description.contains("dbname=y"))
        #expect(!settings.description.contains("dbname=x"))
        #expect(settings.description.contains("role=hindcast_ingest"))
    }

    @Test func `a failed connection says what to check and not the password`() {
        do throws(PostgresError) {
            _ = try Connection(PostgresSettings("host=127.0.0.1 port=1 user=ada password=s3cret dbname=x"), logger: Logger(label: "test"))
            Issue.record("something answered at port 1")
        } catch {
            #expect(error.code == .connectionFailed)
            #expect(error.isConnectionLost && error.isRetriable)
            #expect(error.description.contains("127.0.0.1"))
            #expect(!error.description.contains("s3cret") && !error.debugDescription.contains("s3cret"))
        }
    }

    @Test func `an unknown keyword is refused before connecting`() {
        do throws(PostgresError) {
            _ = try Connection(PostgresSettings("hots=db.example"), logger: Logger(label: "test"))
            Issue.record("the connection string was taken")
        } catch {
            #expect(error.code == .invalidSettings)
            #expect(!error.isRetriable)
        }
    }
}

@Suite struct SQLIdentifierTests {
    @Test(arguments: [("event", "\"event\""), ("Event log", "\"Event log\""), ("a\"b", "\"a\"\"b\""), ("\"", "\"\"\"\"")])
    func `a name is quoted`(name: String, quoted: String) throws {
        #expect(try SQLIdentifier(checking: name).quoted == quoted)
    }

    @Test(arguments: ["", "a\0b", String(repeating: "x", count: 64), String(repeating: "ä", count: 32)])
    func `an impossible name is refused`(name: String) {
        do throws(PostgresError) {
            _ = try SQLIdentifier(checking: name)
            Issue.record("the name was taken")
        } catch {
            #expect(error.code == .invalidIdentifier)
        }
    }
}

@Suite struct SQLStateTests {
    @Test func `a code is told by its name or its class`() {
        var error = PostgresError(.server, "invalid input syntax for type integer: \"s3cret\"")
        error.sqlState = SQLState(rawValue: "22P02")
        #expect(error.sqlState?.conditionClass == .dataException)
        #expect(!error.description.contains("s3cret"), "a description holds no value")
        #expect(error.debugDescription.contains("s3cret"))
        #expect(!error.isRetriable && !error.isConnectionLost)
    }

    @Test(arguments: [
        (SQLState.serializationFailure, true, false), (.deadlockDetected, true, false), (.lockNotAvailable, true, false),
        (.tooManyConnections, true, false),
        (.uniqueViolation, false, false), (.insufficientPrivilege, false, false), (.queryCanceled, false, false), (.diskFull, false, false),
        (.adminShutdown, true, true), (.cannotConnectNow, true, true), (SQLState(rawValue: "08006"), true, true),
        (SQLState(rawValue: "08001"), true, true),
    ]) func `what may be tried again is known`(state: SQLState, isRetriable: Bool, isConnectionLost: Bool) {
        var error = PostgresError(.server, "message")
        error.sqlState = state
        #expect(error.isRetriable == isRetriable)
        #expect(error.isConnectionLost == isConnectionLost)
    }

    @Test func `an unknown commit is not simply tried again`() {
        let error = PostgresError(.commitUnknown, "message")
        #expect(error.isConnectionLost && !error.isRetriable)
    }
}
