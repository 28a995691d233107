import DTDL
import Foundation
import ModelFiles
import Testing

struct FolderResolverTests {
    /// A folder of files that vanishes with this value.
    final class Folder {
        let path = NSTemporaryDirectory() + "hindcast-model-files-\(UUID().uuidString)"

        init(_ files: [String: String]) throws {
            for (name, content) in files {
                let url = URL(filePath: path).appending(path: name)
                try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(content.utf8).write(to: url)
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    static func interface(_ identifier: String, extends base: String? = nil) -> String {
        let extends = base.map { #","extends":"\#($0)""# } ?? ""
        return #"{"@context":"dtmi:dtdl:context;3","@id":"\#(identifier)","@type":"Interface"\#(extends)}"#
    }

    private func outcome(of identifier: String, extending base: String, in resolver: FolderResolver) -> ModelResult {
        ModelParser().parse([Array(Self.interface(identifier, extends: base).utf8)], resolver: resolver)
    }

    @Test func `a model is found where a repository has it, and those that it needs after it`() throws {
        let folder = try Folder([
            "dtmi/example/base-1.json": Self.interface("dtmi:example:Base;1", extends: "dtmi:example:root;2"),
            "dtmi/example/root-2.json": Self.interface("dtmi:example:root;2"),
        ])
        let resolver = try FolderResolver([folder.path])
        #expect(outcome(of: "dtmi:example:own;1", extending: "dtmi:example:Base;1", in: resolver).outcome == .valid)
        #expect(resolver.answered == ["dtmi/example/base-1.json", "dtmi/example/root-2.json"].map { "\(folder.path)/\($0)" })
    }

    @Test func `a model is found by its id in a file of any name, alone, in an array or in a device template`() throws {
        let folder = try Folder([
            "deep/er/one.json": Self.interface("dtmi:example:one;1"),
            "two.json": "[\(Self.interface("dtmi:example:two;1")),\(Self.interface("dtmi:example:three;1"))]",
            "four.json": #"{"@id":"dtmi:example:template;1","capabilityModel":\#(Self.interface("dtmi:example:four;1"))}"#,
            "broken.json": "{", "other.txt": Self.interface("dtmi:example:five;1"),
        ])
        let resolver = try FolderResolver([folder.path])
        for name in ["one", "two", "three", "four"] {
            #expect(resolver.documents(for: ["dtmi:example:\(name);1"])?.count == 1, "\(name)")
        }
        #expect(resolver.documents(for: ["dtmi:example:two;1", "dtmi:example:three;1"])?.count == 1)
        #expect(resolver.documents(for: ["dtmi:example:five;1"]) == nil)
        #expect(resolver.documents(for: ["dtmi:example:template;1"]) == nil)
    }

    @Test func `a file in a repository's place that holds another id is not taken`() throws {
        let folder = try Folder(["dtmi/example/base-1.json": Self.interface("dtmi:example:base;1")])
        let result = outcome(of: "dtmi:example:own;1", extending: "dtmi:example:BASE;1", in: try FolderResolver([folder.path]))
        #expect(result.outcome == .unresolved)
        #expect(result.unresolved == ["dtmi:example:BASE;1"])
    }

    @Test func `the first of two places that know a model gives it`() throws {
        let first = try Folder(["a.json": Self.interface("dtmi:example:base;1")])
        let second = try Folder(["b.json": Self.interface("dtmi:example:base;1")])
        let resolver = try FolderResolver([first.path + "/a.json", second.path])
        #expect(resolver.documents(for: ["dtmi:example:base;1"])?.count == 1)
        #expect(resolver.answered == [first.path + "/a.json"])
    }

    @Test func `a model in UTF-16 is found, too`() throws {
        let folder = try Folder(["placeholder.json": "[]"])
        let units = Array(Self.interface("dtmi:example:wide;1").utf16)
        let bytes: [UInt8] = [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        try Data(bytes).write(to: URL(filePath: folder.path + "/wide.json"))
        #expect(try FolderResolver([folder.path]).documents(for: ["dtmi:example:wide;1"]) == [bytes])
    }

    @Test func `a place that is not there is an error that names it`() {
        do {
            _ = try FolderResolver(["/nowhere/models"])
            Issue.record("a folder that is not there was taken")
        } catch {
            #expect(error.description.contains("/nowhere/models"))
        }
    }

    @Test func `files are read and listed in the order of their paths`() throws {
        let folder = try Folder(["b.json": "2", "a/z.json": "1", "c.txt": "3"])
        let paths = try ModelFile.paths(at: folder.path)
        #expect(paths == ["\(folder.path)/a/z.json", "\(folder.path)/b.json"])
        #expect(try paths.map { try ModelFile.read($0).bytes } == [Array("1".utf8), Array("2".utf8)])
        do {
            _ = try ModelFile.read(folder.path + "/none.json")
            Issue.record("a file that is not there was read")
        } catch {
            #expect(error.description.contains("/none.json: "))
        }
    }
}
