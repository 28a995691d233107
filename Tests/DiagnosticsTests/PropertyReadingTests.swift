import Diagnostics
import JSON
import Testing

/// Every form in which properties arrive, read as statements about each of them.
struct PropertyReadingTests {
    @Test func `IoT Central's lists name component and module per property`() {
        let list =
            #"[{"component":"motor","name":"limit","value":3.50},{"module":"vitals","name":"serial","value":"x"},{"fieldName":"old","value":{"b":1,"a":[2]}}]"#
        #expect(
            PropertyFixture.lines(SampleRecord(SampleExport.properties(list))) == [
                #"reported ||old = {"a":[2],"b":1}"#, "reported |motor|limit = 3.5", #"reported vitals||serial = "x""#,
            ])
        let desired = SampleExport.properties(#"[{"name":"target","value":{"value":7}}]"#, type: "devicePropertyDesiredChange")
        #expect(PropertyFixture.lines(SampleRecord(desired)) == ["desired ||target = 7"])
        let cloud = SampleExport.properties(#"[{"name":"owner","value":{"value":"ada"}}]"#, type: "cloudPropertyChange")
        #expect(PropertyFixture.lines(SampleRecord(cloud)) == [#"cloud ||owner = {"value":"ada"}"#])
    }

    @Test func `elements without a name or a value say nothing`() {
        let list = #"[{"name":"a"},{"value":1},7,null,{"name":"","value":1},{"name":"b","value":null}]"#
        #expect(PropertyFixture.lines(SampleRecord(SampleExport.properties(list))) == ["reported ||b = (gone)"])
        #expect(PropertyFixture.lines(SampleRecord(SampleExport.properties(#"{"a":1}"#))) == [])
    }

    @Test func `a change of a twin has versions, components by their mark, and null for what is gone`() {
        let json = #"""
            {"serial":"x","gone":null,"motor":{"__t":"c","limit":3},"$version":9,"$metadata":{"$lastUpdated":"2024-01-02T03:04:05Z",
            "serial":{"$lastUpdated":"2024-01-01T00:00:00.1234567Z","$lastUpdatedVersion":4},
            "motor":{"$lastUpdated":"2024-01-02T03:04:05Z","limit":{"$lastUpdated":"0001-01-01T00:00:00Z","$lastUpdatedVersion":99}}}}
            """#
        #expect(
            PropertyFixture.lines(PropertyFixture.twin("reported", json)) == [
                "reported ||gone = (gone) v9", #"reported ||serial = "x" v4"#, "reported |gone| = (gone) v9", "reported |motor|limit = 3 v9",
            ])
        let rows = PropertyFixture.fold([PropertyFixture.twin("reported", json)]).properties
        let serial = rows.first { $0.key.name == "serial" }?.value.byVersion
        #expect(serial?.version == 9)
        #expect(serial?.value.changedAt == Timestamp(rfc3339: "2024-01-01T00:00:00.123456Z".rawBytes))
        // The year 1 stands for a time that there is not yet.
        #expect(rows.first { $0.key.name == "limit" }?.value.byTime.value.changedAt == rows.first?.value.byTime.time)
    }

    @Test func `a replacement says that what it does not name is gone`() {
        #expect(
            PropertyFixture.lines(PropertyFixture.twin("desired", #"{"target":1,"$version":7}"#, operation: "replaceTwin", module: "vitals")) == [
                "desired vitals|*| = (gone) v7", "desired vitals||target = 1 v7",
            ])
    }

    @Test(
        arguments: [
            (#"{"value":1,"ac":200,"av":3,"ad":"done"}"#, "= 1 ack 200/3 done"), (#"{"value":{"value":"x"},"ac":203,"av":0}"#, #"= "x" ack 203/0"#),
            (#"{"value":{"value":2},"status":"completed","desiredVersion":7,"ad":"completed","av":7,"ac":200}"#, "= 2 ack 200/7 completed"),
            (#"{"value":1,"ac":200}"#, #"= {"ac":200,"value":1}"#),
            (#"{"value":1,"ac":200,"av":3,"more":1}"#, #"= {"ac":200,"av":3,"more":1,"value":1}"#),
            (#"{"value":1,"ac":"200","av":3}"#, #"= {"ac":"200","av":3,"value":1}"#), (#"{"value":5}"#, "= 5"),
        ])
    func `an answer to a desired value is told from a value`(json: String, expected: String) {
        #expect(PropertyFixture.lines(PropertyFixture.twin("reported", #"{"target":\#(json)}"#)) == ["reported ||target \(expected)"])
        // Nobody answers in the desired section.
        let desired = PropertyFixture.lines(PropertyFixture.twin("desired", #"{"target":\#(json)}"#))
        #expect(desired.allSatisfy { !$0.contains(" ack ") })
    }

    @Test func `a patch of a digital twin names the component in its path`() {
        let json = #"""
            [{"op":"add","path":"/$metadata/speed","value":{"lastUpdateTime":"2024-01-01T03:04:05Z"}},{"op":"add","path":"/speed","value":42.50},
            {"op":"replace","path":"/motor/limit","value":3},{"op":"remove","path":"/a~1b"},{"op":"replace","path":"/motor/range/high","value":9},
            {"op":"add","path":"/valve","value":{"$metadata":{},"open":true}},{"op":"test","path":"/x","value":1},{"op":"add","path":"/y"},5]
            """#
        #expect(
            PropertyFixture.lines(PropertyFixture.patch(json)) == [
                "reported ||a/b = (gone)", "reported ||speed = 42.5", "reported |a/b| = (gone)", "reported |motor|limit = 3",
                "reported |motor|range/high = 9", "reported |valve|open = true",
            ])
        let speed = PropertyFixture.fold([PropertyFixture.patch(json)]).properties.first { $0.key.name == "speed" }?.value.byTime
        #expect(speed?.time == Timestamp(rfc3339: "2024-01-01T03:04:05Z".rawBytes))
        #expect(
            PropertyFixture.lines(PropertyFixture.patch(#"[{"op":"replace","path":"","value":{"a":1}}]"#)) == [
                "reported |*| = (gone)", "reported ||a = 1",
            ])
    }

    @Test func `events of our own are objects of names and values`() {
        let record = SampleRecord(
            #"{"limit":3}"#,
            headers: [
                ("ce_specversion", Array("1.0".utf8)), ("ce_id", Array("1".utf8)), ("ce_source", Array("/n".utf8)),
                ("ce_type", Array("dev.hindcast.property.desired".utf8)), ("ce_subject", Array("pump-07".utf8)),
                ("ce_component", Array("motor".utf8)),
            ])
        #expect(PropertyFixture.lines(record) == ["desired |motor|limit = 3"])
    }

    @Test func `the end of a device or a module is kept as a mark`() {
        #expect(PropertyFixture.lines(SampleRecord(SampleExport.message(source: "deviceLifecycle", type: "deleted"))) == ["life |*| = (gone)"])
    }

    @Test func `values are canonical and bounded, hostile ones too`() throws {
        let long = String(repeating: "x", count: 5000)
        let rows = PropertyFixture.fold([PropertyFixture.twin("reported", #"{"a":"\#(long)","b":-0,"c":1.50e1,"d":"\u0041\u0000"}"#)]).properties
        let texts = Dictionary(uniqueKeysWithValues: rows.map { ($0.key.name, $0.value.byTime.value.text ?? "") })
        #expect(texts["a"]?.utf8.count == PropertyValue.textLimit)
        #expect(texts["a"]?.suffix(17).first == "#")
        #expect(texts["b"] == "0")
        #expect(texts["c"] == "15")
        #expect(texts["d"] == #""A\u0000""#)
        let deep = String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000)
        #expect(
            PropertyFixture.fold([PropertyFixture.twin("reported", #"{"a":\#(deep)}"#)]).properties.values.allSatisfy {
                $0.byTime.value.text?.hasPrefix("[[[") == true
            })
        let names = PropertyFixture.fold([PropertyFixture.twin("reported", #"{"\#(long)":1,"\u0000":2,"":3}"#)]).properties.keys
        #expect(names.allSatisfy { $0.name.utf8.count <= BoundedText.identifierLimit && !$0.name.utf8.contains(0) })
    }
}
