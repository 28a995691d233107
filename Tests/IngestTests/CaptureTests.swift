import Diagnostics
import EventLog
import Foundation
import Ingest
import LogSupport
import Postgres
import TestSupport
import Testing

@Suite(.database) struct CaptureTests {
    private func write(_ lines: [String], named name: String = "capture.jsonl") throws -> String {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let file = directory.appendingPathComponent(name)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        return file.path
    }

    private func run(_ path: String, name: String? = nil, tenant: String = "") throws(IngestError) -> CaptureIngest.Result {
        try CaptureIngest(settings: SourceSettings(tenant: tenant), owner: "test", batchRows: 2)
            .run(path: path, name: name, postgres: TestDatabase.current.settings.with(role: "hindcast_ingest"), logger: TestBroker.quiet)
    }

    private static let lines = [
        #"{"topic":"t","partition":3,"offset":17,"tstype":"create","ts":1795435200000,"broker":0,"key":"dev","payload":"{\"a\":1}"}"#,
        #"{"topic":"t","partition":3,"offset":18,"tstype":"create","ts":1795435200001,"headers":["h","v","n",null],"key":null,"payload":null}"#,
        #"{"topic":"t","partition":3,"offset":40,"key_base64":"AP8=","payload_base64":"","headers_base64":["b","/w=="]}"#,
    ]

    @Test func `a capture is a source whose offsets are line numbers`() throws {
        let path = try write(Self.lines)
        let result = try run(path)
        #expect(result.lines == 3)
        #expect(result.appended == 3)
        #expect(result.name.utf8.count == 64)
        var connection = try TestDatabase.connect()
        let events = try ReadEvent.all(of: result.source, on: &connection)
        #expect(events.map(\.offset) == [1, 2, 3])
        #expect(events.map(\.key) == [Array("dev".utf8), nil, [0, 0xFF]])
        #expect(events.map(\.payload) == [Array("{\"a\":1}".utf8), nil, []])
        #expect(events.map(\.brokerTime) == [.sample, Timestamp(microseconds: Timestamp.sample.microseconds + 1000), nil])
        let sample = SampleRecord(headers: [("h", Array("v".utf8)), ("n", nil)], payload: nil)
        #expect(events[1].headers == sample.headerBytes)
        #expect(try CaptureOrigin.of(line: 2, source: result.source, on: &connection) == CaptureOrigin(topic: "t", partition: 3, offset: 18))
        #expect(try CaptureOrigin.of(line: 3, source: result.source, on: &connection) == CaptureOrigin(topic: "t", partition: 3, offset: 40))
    }

    @Test func `a second run appends nothing`() throws {
        let path = try write(Self.lines)
        let first = try run(path)
        let second = try run(path)
        #expect(second.source == first.source)
        #expect(second.appended == 0)
        #expect(second.lines == 3)
    }

    @Test func `the same content under another path is the same source`() throws {
        let first = try run(try write(Self.lines))
        let second = try run(try write(Self.lines, named: "other.jsonl"))
        #expect(second.source == first.source)
        #expect(second.appended == 0)
    }

    @Test func `a named capture that has grown is continued`() throws {
        let first = try run(try write(Array(Self.lines[..<1])), name: "fleet")
        let second = try run(try write(Self.lines), name: "fleet")
        #expect(second.source == first.source)
        #expect(second.appended == 2)
    }

    @Test func `a name that another file has is refused and nothing is appended`() throws {
        let first = try run(try write(Self.lines), name: "fleet")
        let other = try write(Self.lines.reversed() + Self.lines)
        do throws(IngestError) {
            _ = try run(other, name: "fleet")
            Issue.record("another file was appended")
        } catch {
            #expect(error.code == .capture)
            #expect(error.description.contains("--name"))
        }
        var connection = try TestDatabase.connect()
        #expect(try ReadEvent.all(of: first.source, on: &connection).count == 3)
    }

    @Test(arguments: [
        "{", "[]", #"{"partition":"x"}"#, #"{"payload_base64":"%"}"#, #"{"headers":["odd"]}"#, #"{"payload":5}"#, #"{"partition":99999999999}"#,
        #"{"topic":"a\u0000b"}"#,
    ])
    func `a line that is no record changes nothing and is named`(line: String) throws {
        let path = try write(Self.lines + [line])
        do throws(IngestError) {
            _ = try run(path)
            Issue.record("a capture with a bad line was accepted")
        } catch {
            #expect(error.code == .capture)
            #expect(error.description.contains(":4:"), "\(error)")
        }
        var connection = try TestDatabase.connect()
        #expect(try LogSources.all(on: &connection).isEmpty)
    }

    @Test func `a source that was opened for another tenant keeps it, and the sentence says what to do`() throws {
        let path = try write(Self.lines)
        _ = try run(path, name: "fleet")
        do throws(IngestError) {
            _ = try run(path, name: "fleet", tenant: "plant")
            Issue.record("another tenant was accepted")
        } catch {
            #expect(error.code == .settings)
            #expect(error.description.contains("plant") && error.description.contains("hindcast source new-life"), "\(error)")
        }
    }

    @Test func `a directory is no capture, and is called one`() throws {
        do throws(IngestError) {
            _ = try run(FileManager.default.temporaryDirectory.path)
            Issue.record("a directory was read")
        } catch {
            #expect(error.code == .capture)
            #expect(error.description.contains("is a directory"))
        }
    }

    @Test func `a file that is not there is one sentence`() throws {
        do throws(IngestError) {
            _ = try run("/nonexistent/capture.jsonl")
            Issue.record("a missing file was read")
        } catch {
            #expect(error.code == .capture)
        }
    }
}
