import Foundation
import Testing

@testable import hindcast

/// The page `docs/configuration.md` against the code.
struct ConfigurationPageTests {
    /// The table rows that begin with a key, cell by cell.
    private static func rows() throws -> [[String]] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
        return page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    @Test func `every setting stands in the page, in order, and nothing else does`() throws {
        #expect(try Self.rows().map { $0[0] } == SettingKey.all.map { "`\($0.name)`" })
    }

    @Test(arguments: SettingKey.all) func `its type, default and variable are those of the code`(key: SettingKey) throws {
        let row = try #require(try Self.rows().first { $0[0] == "`\(key.name)`" })
        #expect(row[1] == key.formName)
        #expect(row[2] == key.fallback.map { "`\($0)`" } ?? "none")
        #expect(row[3] == "`\(key.environmentName)`")
        #expect(row[4].count > 20)
    }

    @Test func `a flag that the page names is that of its setting`() throws {
        for row in try Self.rows() {
            guard let flag = row[4].split(separator: "Flag `", maxSplits: 1).dropFirst().first?.prefix(while: { $0 != "`" }) else { continue }
            let key = try #require(SettingKey.all.first { "`\($0.name)`" == row[0] })
            #expect(String(flag) == key.flagName)
        }
    }
}
