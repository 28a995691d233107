import Foundation
import JSON
import TestSupport
import Testing

/// Missing events that are written into files, read back.
@Suite(.database) struct ExportFileTests {
    /// A line of a file, and where the file lies below the directory.
    private struct Line: Hashable {
        let folder: String
        let device: String
        let id: String
        let minute: String
    }

    /// Every line below a directory; the files' names too.
    private func read(_ directory: String, suffix: String = ".json") throws -> (lines: [Line], files: [String]) {
        var lines: [Line] = []
        let paths = try FileManager.default.subpathsOfDirectory(atPath: directory)
        let files = try paths.filter { try isFile("\(directory)/\($0)") }.sorted()
        for file in files {
            let name = try #require(file.split(separator: "/").last)
            #expect(name.hasPrefix("backfill-") && name.hasSuffix(suffix), "\(file)")
            let path = "\(directory)/\(file)"
            let text = String(decoding: suffix.hasSuffix(".gz") ? try unzipped(path) : try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            #expect(text.hasSuffix("\n"), "\(file)")
            for line in text.split(separator: "\n") {
                let tree = try JSONTree.parse(Array(line.utf8))
                let time = try #require(tree["enqueuedTime"]?.stringValue)
                #expect(tree["schema"]?.stringValue == "default@v1" && tree["telemetry"]?["t"] != nil, "\(line)")
                lines.append(
                    Line(
                        folder: String(file.dropLast(name.count + 1)), device: try #require(tree["deviceId"]?.stringValue),
                        id: try #require(tree["backfill"]?["id"]?.stringValue), minute: String(time.prefix(16))))
            }
        }
        return (lines, files)
    }

    private func isFile(_ path: String) throws -> Bool { try URL(filePath: path).resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }

    private func unzipped(_ path: String) throws -> Data {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gunzip", "--stdout", path]
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return data
    }

    private func backfill(_ arguments: [String], directory: String = "/") async throws -> Program.Outcome {
        try await Program.run(["export", "backfill"] + arguments, environment: TestDatabase.environment, directory: directory)
    }

    private static let everyDevice = Set((1...MissedTelemetry.devices).map { "pump-\($0)" })

    @Test func `every missing event is a line of its minute's folder, with its id, and so it is when it is sent again`() async throws {
        try await MissedTelemetry.prepare()
        let id = try await MissedTelemetry.gap()
        let directory = try TemporaryDirectory()
        let sent = try await backfill([id, "--into", "file:\(directory.path)/a"])
        #expect(sent.status == 0 && sent.output.contains("\(MissedTelemetry.devices) events sent"), "\(sent.output)\(sent.errors)")
        let first = try read("\(directory.path)/a")
        #expect(first.lines.count == MissedTelemetry.devices)
        #expect(Set(first.lines.map(\.device)) == Self.everyDevice)
        #expect(Set(first.lines.map(\.id)).count == MissedTelemetry.devices)
        #expect(first.lines.allSatisfy { $0.id.count == 32 && $0.id.allSatisfy(\.isHexDigit) })
        for line in first.lines {
            // {application}/{partition}/{YYYY}/{MM}/{dd}/{hh}/{mm}
            #expect(line.folder == "app/00/" + line.minute.split { "-T:".contains($0) }.joined(separator: "/"))
        }
        #expect(Set(first.lines.map(\.folder)).count == 6)
        let gaps = try await MissedTelemetry.export(["gaps", "--state", "filled"])
        #expect(gaps.output.contains(id), "\(gaps.output)")

        let nothing = try await backfill([id, "--into", "file:\(directory.path)/a"])
        #expect(nothing.status == 0 && nothing.output.contains("--again"), "\(nothing.output)\(nothing.errors)")
        #expect(try read("\(directory.path)/a").files == first.files)
        let again = try await backfill([id, "--into", "file:\(directory.path)/a", "--again"])
        #expect(again.status == 0 && again.output.contains("\(MissedTelemetry.devices) events sent"), "\(again.output)\(again.errors)")
        let both = try read("\(directory.path)/a")
        #expect(both.lines.count == 2 * MissedTelemetry.devices)
        #expect(Set(both.lines) == Set(first.lines), "a reader who keeps ids takes nothing new")
        #expect(Set(both.files).isSuperset(of: first.files))
    }

    @Test func `compressed files hold the same, and a directory is named from where the command is given`() async throws {
        try await MissedTelemetry.prepare()
        let id = try await MissedTelemetry.gap()
        let directory = try TemporaryDirectory()
        #expect(try await backfill([id, "--into", "file:\(directory.path)/plain"]).status == 0)
        #expect(try await backfill([id, "--into", "file:zipped", "--compress"], directory: directory.path).status == 0)
        let (plain, zipped) = (try read("\(directory.path)/plain"), try read("\(directory.path)/zipped", suffix: ".json.gz"))
        #expect(plain.lines.count == MissedTelemetry.devices)
        #expect(Set(plain.lines) == Set(zipped.lines))
    }

    @Test func `only devices that were named are sent, and no file takes another backfill's place`() async throws {
        try await MissedTelemetry.prepare()
        let id = try await MissedTelemetry.gap()
        let directory = try TemporaryDirectory()
        let fives = Set(["pump-1"] + (1...9).map { "pump-\($0)5" })
        let list = try TemporaryFile("pump-1\n\n  pump-2\r\npump-30?\n" + (1...60_000).map { "unknown-\($0)\n" }.joined())
        for (arguments, names, remark) in [
            (["--devices", "pump-*"], Self.everyDevice, false), (["--devices", "pump-1", "--devices", "pump-?5"], fives, false),
            (["--devices", list.path], ["pump-1", "pump-2", "pump-300"], true),
        ] as [([String], Set<String>, Bool)] {
            let before = (try? read("\(directory.path)/a"))?.lines ?? []
            let sent = try await backfill([id, "--into", "file:\(directory.path)/a"] + arguments)
            #expect(sent.status == 0, "\(sent.errors)")
            #expect(sent.errors.contains("No device in the log is named by 60000 of 60003") == remark, "\(sent.errors)")
            var expected = Dictionary(before.map { ($0.device, 1) }, uniquingKeysWith: +)
            for name in names { expected[name, default: 0] += 1 }
            let lines = try read("\(directory.path)/a").lines
            #expect(Dictionary(lines.map { ($0.device, 1) }, uniquingKeysWith: +) == expected)
            #expect(Set(lines.map(\.id)).count == MissedTelemetry.devices)
        }
    }
}
