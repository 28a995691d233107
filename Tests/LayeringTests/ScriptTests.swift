import Foundation
import Testing

@Suite struct ScriptTests {
    /// The shell that a script's first line names, or nil for other files.
    private func shell(of text: String) -> String? {
        switch text.prefix(while: { $0 != "\n" }) {
        case "#!/bin/sh": "sh"
        case "#!/bin/bash", "#!/usr/bin/env bash": "bash"
        default: nil
        }
    }

    /// Whether a shell can read a script: nil, or its complaint.
    private func complaint(_ path: String, shell: String) throws -> String? {
        let check = try ShellCommand.run("/bin/\(shell)", ["-n", path])
        return check.status == 0 ? nil : check.output
    }

    @Test func `every shell script can be read by its shell and be run`() throws {
        let scripts = (Repository.files(under: "scripts") + [".ci/run"]).filter { shell(of: (try? Repository.text($0)) ?? "") != nil }
        #expect(scripts.count >= 8)
        for script in scripts {
            let path = Repository.root.appendingPathComponent(script).path
            let complaint = try complaint(path, shell: try #require(shell(of: try Repository.text(script))))
            #expect(complaint == nil, "\(script)")
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(script) is not executable")
        }
    }

    @Test func `a script that its shell cannot read is found`() throws {
        let folder = try TemporaryFolder()
        let script = folder.url.appendingPathComponent("broken")
        try "if true; then\n".write(to: script, atomically: true, encoding: .utf8)
        #expect(try complaint(script.path, shell: "sh") != nil)
        #expect(try complaint(script.path, shell: "bash") != nil)
        // What only bash reads is no script for sh.
        try "cat < <(true)\n".write(to: script, atomically: true, encoding: .utf8)
        #expect(try complaint(script.path, shell: "bash") == nil)
        #expect(try complaint(script.path, shell: "sh") != nil)
    }

    @Test func `every target of the Makefile that the design names exists`() throws {
        let help = try ShellCommand.run("/usr/bin/make", ["--no-print-directory", "-C", Repository.root.path, "help"])
        let targets = Set(help.output.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
        #expect(targets.isSuperset(of: ["build", "demo", "test", "check", "format", "bench", "proof", "clean"]))
        #expect(try Repository.text(".ci/run").contains("make check"))
    }
}

/// A private Postgres for a command, whatever becomes of the command. They share nothing but the processor, so one at a time.
@Suite(.serialized) struct ServicesTests {
    private let script = Repository.root.appendingPathComponent("scripts/with-services").path

    @Test func `with-services gives a command a server, returns its status and leaves nothing`() throws {
        let folder = try TemporaryFolder()
        let command = "psql -XAt \"$HINDCAST_TEST_POSTGRES\" -c \"SELECT 'answer ' || 42, current_setting('listen_addresses')\"; exit 7"
        let result = try ShellCommand.run(script, ["sh", "-c", command], environment: ["TMPDIR": folder.url.path])
        #expect(result.status == 7)
        #expect(result.output == "answer 42|\n")
        #expect(try folder.names() == [])
    }

    @Test(arguments: [SIGTERM, SIGKILL])
    func `with-services leaves nothing when it is killed`(signal: Int32) throws {
        let folder = try TemporaryFolder()
        // Programs that are started from a thread of the test runner inherit its blocked signals; `env` gives them back. The command holds the output
        // open as the cleaner does, so the output ends when all of them have gone.
        let arguments = ["--default-signal=TERM", script, "sh", "-c", "echo ready; exec tail -f /dev/null"]
        let running = try ShellCommand.start("/usr/bin/env", arguments, environment: ["TMPDIR": folder.url.path])
        #expect(running.output.availableData == Data("ready\n".utf8))
        #expect(try !folder.names().isEmpty)
        kill(running.process.processIdentifier, signal)
        let result = ShellCommand.finish(running)
        #expect(result.status == (signal == SIGKILL ? SIGKILL : 128 + SIGTERM))
        #expect(try folder.names() == [])
    }
}

/// A folder that goes with the value that made it.
private final class TemporaryFolder {
    let url: URL

    init() throws {
        // Short, because a socket's path has to fit into 107 bytes, and open to the user that the server runs as.
        url = URL(fileURLWithPath: "/tmp/hindcast-test-\(UInt32.random(in: 0...UInt32.max))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o711])
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: url.path) }

    deinit { try? FileManager.default.removeItem(at: url) }
}
