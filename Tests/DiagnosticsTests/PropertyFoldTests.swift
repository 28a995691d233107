import Diagnostics
import Hashing
import JSON
import Testing

/// The two registers of a property merge in any order; names are bounded in any order too.
struct PropertyFoldTests {
    /// The table of one source, changed as the statements change it that write a fold's changes.
    private struct Table: Equatable {
        struct Row: Equatable {
            var versioned: PropertyDelta.Statement?
            var latest: PropertyDelta.Statement
            let nameHash: Int64
        }

        var rows: [PropertyKey: Row] = [:]

        mutating func merge(_ fold: PropertyFold) {
            for (key, delta) in fold.properties {
                guard var row = rows[key] else {
                    rows[key] = Row(versioned: delta.byVersion, latest: delta.byTime, nameHash: delta.nameHash)
                    continue
                }
                if (delta.byTime.time, delta.byTime.offset) > (row.latest.time, row.latest.offset) { row.latest = delta.byTime }
                if let new = delta.byVersion {
                    let kept = row.versioned
                    if kept.map({ ($0.version ?? 0, $0.time, $0.offset) < (new.version ?? 0, new.time, new.offset) }) ?? true { row.versioned = new }
                }
                rows[key] = row
            }
            for names in Dictionary(grouping: rows.filter { $0.value.nameHash != 0 }, by: { "\($0.key.device)/\($0.key.module)" }).values {
                let kept = Set(Set(names.map(\.value.nameHash)).sorted().prefix(PropertyFold.namesPerModule))
                for (key, row) in names where !kept.contains(row.nameHash) { rows[key] = nil }
            }
        }
    }

    private static func record(using random: inout SeededRandom) -> SampleRecord {
        let time = "2024-01-02T03:04:0\(Int.random(in: 0...5, using: &random))Z"
        let value = Int.random(in: 0...3, using: &random)
        let name = "p\(Int.random(in: 0...4, using: &random))"
        let version = Int.random(in: 1...6, using: &random)
        switch Int.random(in: 0...9, using: &random) {
        case 0, 1, 2: return PropertyFixture.twin("reported", #"{"\#(name)":\#(value),"$version":\#(version)}"#, time: time)
        case 3: return PropertyFixture.twin("desired", #"{"\#(name)":\#(value),"motor":{"__t":"c","a":1},"$version":\#(version)}"#, time: time)
        case 4: return PropertyFixture.twin("desired", #"{"\#(name)":\#(value),"$version":\#(version)}"#, operation: "replaceTwin", time: time)
        case 5: return PropertyFixture.patch(#"[{"op":"replace","path":"/\#(name)","value":\#(value)}]"#, time: time)
        case 6: return PropertyFixture.twin("reported", #"{"\#(name)":null,"$version":\#(version)}"#, time: time)
        case 7:
            let made = (0..<40).map { _ in #""made up \#(Int.random(in: 0...900, using: &random))":1"# }.joined(separator: ",")
            return PropertyFixture.twin("reported", "{\(made)}", time: time)
        case 8: return PropertyFixture.twin("reported", #"{"\#(name)":{"value":\#(value),"ac":200,"av":\#(version)}}"#, time: time, module: "m")
        default:
            return SampleHub.notification("deviceLifecycleEvents", operation: "deleteDeviceIdentity", time: time, "{}")
        }
    }

    private func table(_ records: [(offset: Int, record: SampleRecord)], seed: UInt64, length: (inout SeededRandom) -> Int) -> Table {
        var random = SeededRandom(seed: seed)
        var table = Table()
        var fold = PropertyFold()
        var hash = SHA256()
        var rest = records[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(length(&random))
            rest = rest.dropFirst(chunk.count)
            for (offset, record) in chunk { PropertyFixture.apply(record, to: &fold, device: Int32(offset % 3), offset: Int64(offset), hash: &hash) }
            table.merge(fold)
            fold.reset()
        }
        return table
    }

    @Test func `any chunking and any order of events give the same rows`() {
        var random = SeededRandom(seed: 41)
        let records = (0..<500).map { (offset: $0, record: Self.record(using: &random)) }
        let whole = table(records, seed: 0) { _ in 100_000 }
        #expect(whole.rows.filter { $0.value.nameHash != 0 }.count > PropertyFold.namesPerModule, "The sample has to go over the bound")
        #expect(table(records, seed: 1) { _ in 1 } == whole)
        for seed in UInt64(2)..<6 {
            #expect(table(records, seed: seed) { Int.random(in: 1...60, using: &$0) } == whole)
            #expect(table(records.shuffled(using: &random), seed: seed) { Int.random(in: 1...60, using: &$0) } == whole)
        }
    }

    @Test func `a version wins over a clock, and what has none goes by its time`() throws {
        let rows = PropertyFixture.fold([
            PropertyFixture.twin("reported", #"{"p":1,"$version":5}"#, time: "2024-01-02T03:04:01Z"),
            PropertyFixture.twin("reported", #"{"p":2,"$version":4}"#, time: "2024-01-02T03:04:09Z"),
            PropertyFixture.patch(#"[{"op":"replace","path":"/p","value":3}]"#, time: "2024-01-02T03:04:05Z"),
        ]).properties
        let row = try #require(rows.first?.value)
        #expect(row.byVersion?.value.text == "1")
        #expect(row.byTime.value.text == "2")
    }

    @Test func `a device keeps as many names as are kept, whatever it makes up`() {
        let records = (0..<100).map { part in
            let names = (0..<20).map { #""name \#(part * 20 + $0)":1"# }.joined(separator: ",")
            return PropertyFixture.twin("reported", "{\(names)}")
        }
        let kept = PropertyFixture.fold(records).properties.keys.map(\.name)
        #expect(kept.count == PropertyFold.namesPerModule)
        #expect(Set(kept) == Set(PropertyFixture.fold(records.reversed()).properties.keys.map(\.name)))
    }

    @Test func `what is no property changes nothing`() {
        let rows = PropertyFixture.fold([
            SampleRecord(SampleExport.telemetry(#"{"a":1}"#)), SampleRecord("{"), SampleRecord(nil, key: "x"),
            PropertyFixture.twin("reported", "[1]"), PropertyFixture.twin("tags", "{}"),
        ]).properties
        #expect(rows.isEmpty)
    }
}
