import Postgres
import TestSupport
import Testing
import Threading

@Suite(.emptyDatabase) struct NotificationTests {
    @Test func `a listener gets what is sent, in order`() throws {
        var listener = try TestDatabase.connect()
        var sender = try TestDatabase.connect()
        try listener.listen("some events")
        try sender.notify("some events", payload: "first")
        try sender.notify("other events")
        try sender.notify("some events")
        let first = try listener.waitForNotification(timeout: .seconds(60))
        #expect(first == Notification(channel: "some events", payload: "first", backendPID: sender.backendPID))
        let second = try listener.waitForNotification(timeout: .seconds(60))
        #expect(second?.payload == "")
        #expect(try listener.waitForNotification(timeout: .zero) == nil)
    }

    @Test func `a wait that began first is ended by a notification from another thread`() async throws {
        let settings = TestDatabase.current.settings
        var listener = try Connection(settings, logger: quiet)
        try listener.listen("events")
        let sender = ThreadLoop(name: "sender") { _ in
            do throws(PostgresError) {
                var connection = try Connection(settings, logger: quiet)
                try connection.notify("events", payload: "7")
            } catch {
                Issue.record(error)
            }
        }
        sender.start()
        #expect(try listener.waitForNotification(timeout: .seconds(60))?.payload == "7")
        #expect(await sender.join())
    }

    @Test func `a wait ends at its time or when its loop is stopped`() throws {
        var listener = try TestDatabase.connect()
        try listener.listen("events")
        #expect(try listener.waitForNotification(timeout: .milliseconds(10)) == nil)
        let stop = StopSignal()
        stop.request()
        #expect(try listener.waitForNotification(timeout: .seconds(3600), wakeDescriptor: stop.fileDescriptor) == nil)
    }

    @Test func `a lost connection ends the wait with an error, and listens again afterwards`() throws {
        var listener = try TestDatabase.connect()
        var other = try TestDatabase.connect()
        try listener.listen("events")
        #expect(try other.queryOne(TerminateBackend(pid: listener.backendPID)) == true)
        do throws(PostgresError) {
            while try listener.waitForNotification(timeout: .seconds(60)) == nil {}
            Issue.record("a notification came from nowhere")
        } catch {
            #expect(error.isConnectionLost)
        }
        try listener.reconnect()
        try other.notify("events", payload: "again")
        #expect(try listener.waitForNotification(timeout: .seconds(60))?.payload == "again")
    }

    @Test func `what is no longer listened to does not arrive`() throws {
        var listener = try TestDatabase.connect()
        try listener.listen("events")
        try listener.unlisten("events")
        try listener.notify("events")
        #expect(try listener.waitForNotification(timeout: .milliseconds(10)) == nil)
    }
}
