import Diagnostics
import Foundation
import JSON
import LogSupport
import Outbound
import Postgres
import TestSupport
import Testing

@testable import Exports

/// Files of a backfill, whoever dies while they are written.
@Suite(.database) struct FileDeliveryTests {
    private static let devices = 120

    /// A directory that vanishes with this value.
    private final class Folder {
        let path = NSTemporaryDirectory() + "hindcast-exports-test-\(UUID().uuidString)"

        /// Every file below it, with its bytes.
        func files() throws -> [String: [UInt8]] {
            var files: [String: [UInt8]] = [:]
            for name in (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? [] {
                let url = URL(filePath: "\(path)/\(name)")
                guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
                files[name] = [UInt8](try Data(contentsOf: url))
            }
            return files
        }

        /// Which device each line of every file is of; each line has to be whole.
        func devices() throws -> [String] {
            try files().values.flatMap { bytes in
                #expect(bytes.last == 0x0A)
                return try bytes.split(separator: 0x0A).map { line in
                    let tree = try JSONTree.parse(Array(line))
                    #expect(tree["backfill"]?["id"]?.stringValue?.utf8.count == 32)
                    return try #require(tree["deviceId"]?.stringValue)
                }
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func prepare() throws {
        try ExportStory.define("e", to: "d")
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        try log.append((1...Self.devices).map { ExportStory.telemetry("d\($0)", at: Int64($0)) })
        try ExportStory.project()
    }

    private static let everyDevice = Set((1...devices).map { "d\($0)" })

    /// Works on the backfill until it is done or dies.
    private func work(_ folder: Folder, rate: Double?, diesAt: BackfillMoment? = nil) throws(ExportJobError) {
        let route = ExportRoute(tenant: "app", exportID: "e", destinationID: "d")
        let target = BackfillTarget.file(directory: folder.path, isCompressed: false)
        let request = BackfillRequest(.times(route, ExportStory.time(0)..<ExportStory.time(1000)), target: target, actor: "ada")
        var fence = BackfillFence()
        fence.diesAt = diesAt
        var connection = try connecting { () throws(PostgresError) in try TestDatabase.connect(role: "hindcast_admin") }
        let job = try BackfillJob.take(request, now: ExportStory.time(5000), on: &connection)
        let pace = BackfillPace(rate: rate, now: { .zero }, rest: { _ in }, isGoingOn: { true })
        var worker = try BackfillWorker(
            job, owner: "test", takesOver: true,
            delivery: FileDelivery(directory: folder.path, application: "app", isCompressed: false, name: "backfill-\(job.number)"), pace: pace,
            fence: fence,
            connection: connection)
        while try worker.step() != .finished {}
    }

    private func connecting(_ body: () throws(PostgresError) -> Connection) throws(ExportJobError) -> Connection {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw ExportJobError(error)
        }
    }

    @Test(arguments: BackfillMoment.allCases)
    func `whoever dies leaves whole files, and who goes on writes the same ones`(moment: BackfillMoment) throws {
        try prepare()
        let folder = Folder()
        #expect(throws: ExportJobError.self) { try work(folder, rate: 50, diesAt: moment) }
        let left = try folder.files()
        #expect(left.isEmpty == (moment == .read))
        #expect(try folder.devices().count == (moment == .read ? 0 : 50))
        // Another one was killed in the middle of a file, so its chunk is not counted.
        for (name, bytes) in left where moment == .delivered {
            let parts = name.split(separator: "/")
            let hidden = (parts.dropLast() + [".\(parts[parts.count - 1]).part"]).joined(separator: "/")
            try Data(bytes.prefix(bytes.count / 2)).write(to: URL(filePath: "\(folder.path)/\(hidden)"))
        }
        try work(folder, rate: 50)
        let files = try folder.files()
        #expect(files.keys.allSatisfy { !$0.contains("/.") }, "\(files.keys)")
        for (name, bytes) in left { #expect(files[name] == bytes, "\(name)") }
        let devices = try folder.devices()
        #expect(devices.count == Self.devices && Set(devices) == Self.everyDevice)
    }

    @Test func `who goes on at another rate leaves nothing out`() throws {
        try prepare()
        let folder = Folder()
        #expect(throws: ExportJobError.self) { try work(folder, rate: nil, diesAt: .delivered) }
        #expect(Set(try folder.devices()) == Self.everyDevice)
        try work(folder, rate: 7)
        #expect(Set(try folder.devices()) == Self.everyDevice)
    }

    @Test func `a file that cannot be put in its place leaves no half of it`() throws {
        let folder = Folder()
        var chunk = BackfillChunk(source: 1, partition: 12, offsets: 0..<1)
        chunk.content = Array("{}".utf8)
        chunk.messages = [BackfillMessage(id: "0", offset: 5, time: .sample, device: "d", bytes: 0..<2)]
        let name = "app/12/2026/11/23/12/00/backfill-3-1-5.json"
        try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)/in-its-place", withIntermediateDirectories: true)
        var delivery = FileDelivery(directory: folder.path, application: "app", isCompressed: false, name: "backfill-3")
        do throws(ExportJobError) {
            try delivery.deliver(chunk) { true }
            Issue.record("The file was written")
        } catch {
            #expect(error.code == .targetRefused)
            #expect(error.message.contains(name.dropLast(20)) && error.message.contains("Nothing of this chunk is counted"), "\(error)")
        }
        #expect(try folder.files().isEmpty)
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
        try delivery.deliver(chunk) { true }
        #expect(try folder.files() == [name: Array(#"{"backfill":{"id":"0"}}"#.utf8) + [0x0A]])
    }

    @Test func `a directory that cannot be written into is told before anything begins`() throws {
        let folder = Folder()
        try FileDelivery.check(directory: folder.path + "/not/there/yet")
        #expect(!FileManager.default.fileExists(atPath: folder.path), "looking makes nothing")
        try Data().write(to: URL(filePath: folder.path))
        for path in [folder.path, folder.path + "/", folder.path + "/below/it"] {
            do throws(ExportJobError) {
                try FileDelivery.check(directory: path)
                Issue.record("\(path) was taken")
            } catch {
                #expect(error.code == .requestInvalid)
                #expect(error.message.contains("directory") && error.message.contains("nothing was begun"), "\(error)")
            }
        }
    }

    @Test(arguments: [
        ("{}", #"{"backfill":{"id":"7"}}"#), ("{ }", #"{ "backfill":{"id":"7"}}"#), (#"{"a":1}"#, #"{"a":1,"backfill":{"id":"7"}}"#),
        ("{\"a\":\r\n{}\n}\n", #"{"a":  {} ,"backfill":{"id":"7"}} "#),
    ])
    func `a line is the message with its id`(message: String, line: String) throws {
        #expect(String(decoding: FileDelivery.line(Array(message.utf8)[...], id: "7"), as: UTF8.self) == line + "\n")
        _ = try JSONTree.parse(Array(line.utf8))
    }
}
