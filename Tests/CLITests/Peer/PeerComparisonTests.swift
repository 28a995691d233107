import Foundation
import JSON
import Testing

/// `hindcast validate` against what `az iot central diagnostics` said of the same messages, for cases that nobody here wrote.
@Suite(.enabled(if: PeerSuite.folder != nil, "HINDCAST_CONFORMANCE does not name the folder of conformance cases"))
struct PeerComparisonTests {
    @Test func `every difference from the peer has a reason of the table`() async throws {
        let cases = try PeerSuite.lines("az-iot-verdicts.jsonl.gz").map(PeerCase.init)
        let templates = try PeerSuite.templates()
        var unexplained: [String] = []
        var table = PeerTable()
        for (name, group) in Dictionary(grouping: cases.filter { $0.line != nil }, by: { $0.template ?? "" }) {
            let said = try await PeerSuite.judge(group, by: templates[name])
            for (test, ours) in zip(group, said) {
                let differences = PeerDifference.all(of: test, ours: ours)
                let reasons = differences.map(PeerReason.of)
                unexplained += zip(differences, reasons).filter { $1 == nil }.map { $0.0.description }
                table.add(test.family, reasons: reasons.compactMap { $0?.text })
            }
        }
        for test in cases where test.line == nil { table.add(test.family, reasons: [PeerTable.noMessage]) }
        print("compared with az iot central diagnostics: \(cases.count) cases, \(unexplained.count) unexplained differences")
        if let path = ProcessInfo.processInfo.environment["HINDCAST_PEER_TABLE"] {
            try table.markdown.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(unexplained.sorted() == [])
        #expect(cases.count > 700)
    }

    @Test func `the page has every reason`() throws {
        let page = try String(contentsOf: PeerSuite.page, encoding: .utf8)
        for reason in PeerReason.all.map(\.text) + [PeerTable.noMessage] { #expect(page.contains(reason)) }
    }
}

/// How many cases of a family are the same, and why the others are not.
struct PeerTable {
    static let noMessage = "the case holds no message with its names, so there is nothing to judge"

    private var families: [String: (same: Int, different: Int, reasons: Set<String>)] = [:]

    mutating func add(_ family: String, reasons: [String]) {
        var row = families[family] ?? (0, 0, [])
        if reasons.isEmpty { row.same += 1 } else { row.different += 1 }
        row.reasons.formUnion(reasons)
        families[family] = row
    }

    /// One row for each family.
    var markdown: String {
        let rows = families.sorted { $0.key < $1.key }.map { family, row in
            let verdict = row.different == 0 ? "same as peer" : "differs on purpose"
            return "| \(family) | \(row.same) | \(row.different) | \(verdict) | \(row.reasons.sorted().joined(separator: "; ")) |"
        }
        return (["| family | same | different | verdict | because |", "|---|---:|---:|---|---|"] + rows).joined(separator: "\n") + "\n"
    }
}
