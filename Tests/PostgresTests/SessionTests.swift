import Logging
import Postgres
import Synchronization
import TestSupport
import Testing
import Threading

@Suite(.emptyDatabase) struct SessionTests {
    @Test func `a session is as the settings say`() throws {
        var settings = TestDatabase.current.settings
        settings.applicationName = "test of settings"
        settings.statementTimeout = .seconds(7)
        settings.lockTimeout = .milliseconds(1500)
        settings.searchPath = ["pg_catalog", "some schema"]
        settings.role = "pg_monitor"
        settings.connectTimeout = .seconds(3)
        var connection = try Connection(settings, logger: quiet)
        let expected = [
            "application_name": "test of settings", "statement_timeout": "7s", "lock_timeout": "1500ms", "search_path": "pg_catalog, \"some schema\"",
            "role": "pg_monitor", "TimeZone": "UTC", "client_encoding": "UTF8",
        ]
        for (name, value) in expected { #expect(try connection.queryOne(ShowSetting(name: name)) == value, "\(name)") }
        #expect(connection.serverVersion >= 150_000)
        #expect(connection.backendPID > 0)
    }

    @Test func `a role that is not there is refused by name`() throws {
        do throws(PostgresError) {
            _ = try Connection(TestDatabase.current.settings.with(role: "nobody at all"), logger: quiet)
            Issue.record("the role was taken on")
        } catch {
            #expect(error.code == .server)
            #expect(error.message.contains("nobody at all"))
        }
    }

    @Test func `a database that is not there is no matter of trying again`() throws {
        do throws(PostgresError) {
            _ = try Connection(TestDatabase.current.settings.with(database: "no such database"), logger: quiet)
            Issue.record("the database was there")
        } catch {
            #expect(error.code == .connectionFailed)
            #expect(error.sqlState == .invalidCatalogName)
            #expect(error.isRefusal && !error.isRetriable)
        }
    }

    @Test func `a statement is cancelled from another thread`() throws {
        var connection = try TestDatabase.connect()
        var observer = try TestDatabase.connect()
        guard let cancelHandle = connection.cancelHandle else {
            Issue.record("an open connection has a cancel handle")
            return
        }
        let pid = connection.backendPID
        let observed = Mutex<PostgresError?>(nil)
        let sleeper = ThreadLoop(name: "sleeper") { [settings = TestDatabase.current.settings] _ in
            do throws(PostgresError) {
                var watcher = try Connection(settings, logger: quiet)
                // Cancelled only once it runs; before that a cancel would be lost.
                while try watcher.queryOne(IsActive(pid: pid)) != true {}
                try cancelHandle.cancel()
            } catch {
                observed.withLock { $0 = error }
            }
        }
        sleeper.start()
        do throws(PostgresError) {
            try connection.execute(Sleep(seconds: 300))
            Issue.record("nobody cancelled")
        } catch {
            #expect(error.sqlState == .queryCanceled)
        }
        #expect(observed.withLock { $0 } == nil)
        #expect(try connection.query(Series(count: 1)) == [1], "the connection serves on")
        #expect(try observer.queryOne(IsActive(pid: pid)) == false)
    }

    @Test func `a statement that takes too long is ended`() throws {
        var settings = TestDatabase.current.settings
        settings.statementTimeout = .milliseconds(20)
        var connection = try Connection(settings, logger: quiet)
        do throws(PostgresError) {
            try connection.execute(Sleep(seconds: 300))
            Issue.record("the statement ran on")
        } catch {
            #expect(error.sqlState == .queryCanceled)
            #expect(!error.isRetriable)
        }
        #expect(connection.isUsable == true)
    }

    @Test func `a lock that is not free in time is given up`() throws {
        var settings = TestDatabase.current.settings
        settings.lockTimeout = .milliseconds(20)
        var holder = try TestDatabase.connect()
        var waiter = try Connection(settings, logger: quiet)
        try holder.execute(script: readingTable)
        try holder.execute(script: "BEGIN; LOCK TABLE reading")
        do throws(PostgresError) {
            _ = try waiter.queryOne(CountReadings())
            Issue.record("the lock was free")
        } catch {
            #expect(error.sqlState == .lockNotAvailable)
            #expect(error.isRetriable)
        }
    }

    @Test func `a connection that was ended comes back with another session`() throws {
        var connection = try TestDatabase.connect()
        var other = try TestDatabase.connect()
        #expect(try connection.query(Series(count: 2)) == [1, 2])
        let before = connection.backendPID
        #expect(connection.isStillThere == true)
        #expect(try other.queryOne(TerminateBackend(pid: before)) == true)
        #expect(connection.isStillThere == false)
        do throws(PostgresError) {
            _ = try connection.query(Series(count: 1))
            Issue.record("a statement ran without a session")
        } catch {
            #expect(error.isConnectionLost)
        }
        #expect(try connection.reconnect(backoff: Backoff(), attempts: 3, stop: StopSignal()))
        #expect(connection.backendPID != before)
        #expect(try connection.query(Series(count: 2)) == [1, 2], "statements are prepared again")
    }

    @Test func `reconnecting waits between attempts and can be stopped`() throws {
        var settings = TestDatabase.current.settings
        var connection = try Connection(settings, logger: quiet)
        settings = TestDatabase.current.settings.with(database: "gone")
        connection.close()
        #expect(connection.isUsable == false)
        do throws(PostgresError) {
            _ = try connection.query(Series(count: 1))
            Issue.record("a closed connection answered")
        } catch {
            #expect(error.code == .connectionLost)
        }
        let stop = StopSignal()
        stop.request()
        #expect(try connection.reconnect(backoff: Backoff(), stop: stop) == false)
        #expect(try connection.reconnect(backoff: Backoff(), stop: StopSignal()))
        #expect(connection.isUsable == true)
    }

    @Test func `notices and connections are logged at debug`() throws {
        let lines = LogLines()
        var logger = Logger(label: "test") { _ in lines }
        logger.logLevel = .debug
        var connection = try TestDatabase.connect(logger: logger)
        try connection.execute(script: "DO $$ BEGIN RAISE NOTICE 'look here'; END $$")
        let text = lines.text
        #expect(text.contains("Connected"))
        #expect(text.contains("look here"))
        #expect(!text.contains("password=") || text.contains("password=***"))
    }
}

/// Collects log lines with their metadata.
private final class LogLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}

private struct ShowSetting: Statement {
    static let sql = "SELECT current_setting($1)"
    var name: String

    func bind(to parameters: inout Parameters) {
        parameters.append(name)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String {
        try row.string(0)
    }
}

private struct IsActive: Statement {
    static let sql = "SELECT state = 'active' AND wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = $1"
    var pid: Int32

    func bind(to parameters: inout Parameters) {
        parameters.append(pid)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool {
        try row.boolOrNil(0) ?? false
    }
}
