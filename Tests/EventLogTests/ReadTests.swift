import Diagnostics
import EventLog
import LogSupport
import Postgres
import TestSupport
import Testing

@Suite(.database) struct ReadTests {
    @Test(arguments: [1, 2, 3, 7, 100]) func `pages of any size give every event once and in order`(page: Int) throws {
        var log = try LogFixture()
        var offset: Int64 = 0
        for day in 0..<3 {
            let time = Timestamp(microseconds: Timestamp.sample.microseconds + Int64(day) * 86_400_000_000)
            for _ in 0..<3 {
                try log.append([.telemetry(device: "a", "{}"), .telemetry(device: "b", "{}")], from: offset, at: time)
                // Markers and compaction: offsets are not dense.
                offset += 5
            }
        }
        let events = try ReadEvent.all(of: log.claim.source, page: page, on: &log.connection)
        #expect(events.map(\.offset) == [0, 1, 5, 6, 10, 11, 15, 16, 20, 21, 25, 26, 30, 31, 35, 36, 40, 41])
    }

    @Test func `a read reaches the cursor over offsets that hold nothing`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        try log.advance(to: 10)
        var count = 0
        let read = try LogReader().read(source: log.claim.source, from: 0, limit: 100, on: &log.connection) { _ in count += 1 }
        #expect(read.reached == 10)
        #expect(read.count == 1)
        #expect(count == 1)
    }

    @Test func `a hole is recorded and passed`() throws {
        var log = try LogFixture()
        try log.skip(to: 100)
        try log.append([.telemetry(device: "a", "{}")])
        #expect(try ReadEvent.all(of: log.claim.source, on: &log.connection).map(\.offset) == [100])
        let holes = try LogHole.all(on: &log.connection)
        #expect(holes.map(\.firstOffset) == [0])
        #expect(holes.map(\.lastOffset) == [99])
        #expect(holes.map(\.reason) == [.lost])
    }

    @Test func `one position is found, and its neighbours are not`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")], from: 4)
        var seen: [Int64] = []
        for offset in [3, 4, 5] as [Int64] {
            let isFound = try LogReader().read(source: log.claim.source, at: offset, on: &log.connection) { seen.append($0.offset) }
            #expect(isFound == (offset == 4))
        }
        #expect(seen == [4])
        #expect(try LogReader().lastOffset(of: log.claim.source, on: &log.connection) == 4)
    }

    @Test func `a source keeps the settings it was opened with`() throws {
        let log = try LogFixture(settings: SourceSettings(tenant: "contoso"))
        do throws(PostgresError) {
            _ = try LogFixture(settings: SourceSettings(tenant: "fabrikam"))
            Issue.record("other settings were accepted")
        } catch {
            #expect(error.message.contains("contoso") && error.message.contains("fabrikam"))
            #expect(LogSources.isSettingsMismatch(error))
        }
        _ = log.claim
    }

    @Test func `the sources of an embedded broker end when another one runs, and no others do`() throws {
        var connection = try TestDatabase.connect(role: "hindcast_ingest")
        let clusters = ["embedded-first", "embedded-second", "kraft", "embedded-second"]
        var claims: [SourceClaim] = []
        for (partition, cluster) in clusters.enumerated() {
            let identity = SourceIdentity(kind: .kafka, cluster: cluster, topic: "t", partition: Int32(partition))
            let source = try LogSources.open(identity, settings: SourceSettings(), on: &connection)
            claims.append(try SourceClaim.take(source: source, owner: "test", on: &connection))
        }
        #expect(try LogSources.endEmbedded(butOf: "embedded-second", on: &connection) == 1)
        #expect(try LogSources.endEmbedded(butOf: "embedded-second", on: &connection) == 0)
        let sources = try LogSources.all(on: &connection)
        #expect(sources.map(\.isEnded) == [true, false, false, false])
        #expect(sources.map(\.owner) == [nil, "test", "test", "test"])
        // Whoever wrote the ended one does so no more.
        for (claim, isEnded) in zip(claims, sources.map(\.isEnded)) {
            var writing = claim
            do throws(AppendError) {
                try LogAppender().advance(&writing, to: 5, endOffset: 5, on: &connection)
                #expect(!isEnded)
            } catch {
                #expect(isEnded && error.code == .fenced)
            }
        }
    }

    @Test func `a new life is a new source, and fences the old one off`() throws {
        var log = try LogFixture()
        try log.append([.telemetry(device: "a", "{}")])
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        let next = try LogSources.startNewLife(of: log.claim.source, on: &admin)
        #expect(next != log.claim.source)
        do throws(AppendError) {
            try log.append([.telemetry(device: "b", "{}")])
            Issue.record("the old life was written")
        } catch {
            #expect(error.code == .fenced)
        }
        let sources = try LogSources.all(on: &admin)
        #expect(sources.map(\.life) == [1, 2])
        #expect(sources.map(\.isEnded) == [true, false])
    }
}
