import DTDL
import JSON
import Testing

@testable import dtdl_conformance

struct SchemaCheckerTests {
    @Test(
        arguments: [
            ("3", "integer", nil), ("3.0", "integer", .numberNotInteger), ("1e2", "integer", .numberNotInteger), ("-0", "integer", nil),
            ("2147483647", "integer", nil), ("2147483648", "integer", .numberOutOfRange), ("-2147483648", "integer", nil),
            ("-2147483649", "integer", .numberOutOfRange), ("9223372036854775807", "long", nil), ("9223372036854775808", "long", .numberOutOfRange),
            ("-9223372036854775808", "long", nil), ("123456789012345678901234567890", "long", .numberOutOfRange),
            ("true", "integer", .schemaMismatch),
            ("-0", "unsignedByte", .numberNotInteger), ("255", "unsignedByte", nil), ("256", "unsignedByte", .numberOutOfRange),
            ("-1", "unsignedLong", .numberOutOfRange), ("18446744073709551615", "unsignedLong", nil), ("-128", "byte", nil),
            ("128", "byte", .numberOutOfRange),
            ("32768", "short", .numberOutOfRange), ("3.4028235e38", "float", nil), ("3.402824E+38", "float", .numberOutOfRange),
            ("1e308", "double", nil), ("1e309", "double", .numberOutOfRange), ("1", "boolean", .schemaMismatch), ("false", "boolean", nil),
            ("\"x\"", "string", nil), ("1", "string", .schemaMismatch), ("null", "string", .valueNull),
        ] as [(String, String, SchemaFault.Kind?)])
    func `numbers and words are judged by their token`(value: String, schema: String, expected: SchemaFault.Kind?) throws {
        #expect(try ValueCheck(value, schema: "\"\(schema)\"").kinds == (expected.map { [$0] } ?? []))
    }

    @Test(
        arguments: [
            ("2024-02-29", "date", nil), ("2023-02-29", "date", .schemaMismatch), ("1900-02-29", "date", .schemaMismatch),
            ("0000-01-01", "date", .schemaMismatch),
            ("20240101", "date", .schemaMismatch), ("12:30:00Z", "time", nil), ("12:30:00", "time", .datetimeWithoutOffset),
            ("24:00:00Z", "time", .schemaMismatch),
            ("12:30:60Z", "time", .schemaMismatch), ("12:30:00.Z", "time", .schemaMismatch), ("12:30:00+14:00", "time", nil),
            ("12:30:00+14:01", "time", .schemaMismatch), ("2024-01-01T12:30:00.123456789Z", "dateTime", nil),
            ("2024-01-01T12:30:00", "dateTime", .datetimeWithoutOffset), ("2024-01-01 12:30:00Z", "dateTime", .schemaMismatch),
            ("2024-01-01T12:30:00-05:00", "dateTime", nil), ("2024-01-01", "dateTime", .schemaMismatch), ("PT10H24M6.169S", "duration", nil),
            ("P1Y2M3DT4H5M6S", "duration", nil), ("P3W", "duration", nil), ("P1Y3W", "duration", .schemaMismatch),
            ("PT", "duration", .schemaMismatch),
            ("P", "duration", .schemaMismatch), ("P1.5DT1H", "duration", .schemaMismatch), ("P1.5D", "duration", nil),
            ("PT.5S", "duration", .schemaMismatch),
            ("-P1D", "duration", .schemaMismatch), ("P1M1Y", "duration", .schemaMismatch), ("1.", "decimal", nil), ("01", "decimal", .schemaMismatch),
            (".5", "decimal", .schemaMismatch), ("-0.50", "decimal", nil), ("", "bytes", nil), ("QQ==", "bytes", nil),
            ("QQ=", "bytes", .schemaMismatch),
            ("====", "bytes", .schemaMismatch), ("123e4567-e89b-12d3-a456-426614174000", "uuid", nil),
            ("{123e4567-e89b-12d3-a456-42661417400", "uuid", .schemaMismatch),
        ] as [(String, String, SchemaFault.Kind?)])
    func `texts are judged by the lexical rule of their schema`(value: String, schema: String, expected: SchemaFault.Kind?) throws {
        #expect(try ValueCheck("\"\(value)\"", schema: "\"\(schema)\"").kinds == (expected.map { [$0] } ?? []))
    }

    @Test func `an enumeration takes its values only, and as they are written`() throws {
        let numbers = #"{"@type":"Enum","valueSchema":"integer","enumValues":[{"name":"a","enumValue":7},{"name":"b","enumValue":-2}]}"#
        #expect(try ValueCheck("7", schema: numbers).kinds.isEmpty)
        #expect(try ValueCheck("-2", schema: numbers).kinds.isEmpty)
        #expect(try ValueCheck("7.0", schema: numbers).kinds == [.numberNotInteger])
        #expect(try ValueCheck("8", schema: numbers).kinds == [.enumUnknown])
        #expect(try ValueCheck("\"7\"", schema: numbers).kinds == [.schemaMismatch])
        let words = #"{"@type":"Enum","valueSchema":"string","enumValues":[{"name":"on","enumValue":"ON"},{"name":"off","enumValue":"OFF"}]}"#
        #expect(try ValueCheck(#""ON""#, schema: words).kinds.isEmpty)
        #expect(try ValueCheck(#""\u004fN""#, schema: words).kinds.isEmpty)
        let unknown = try ValueCheck(#""on""#, schema: words)
        #expect(unknown.kinds == [.enumUnknown])
        #expect(unknown.faults.first?.expected == #"string enumeration ("ON", "OFF")"#)
    }

    @Test func `a fault says where it is, exactly and in a form fit for grouping`() throws {
        let schema = """
            {"@type":"Object","fields":[{"name":"readings","schema":{"@type":"Array","elementSchema":{"@type":"Map",
            "mapKey":{"name":"k","schema":"string"},"mapValue":{"name":"v","schema":"double"}}}}]}
            """
        let value = #"{"readings":[{"a":1},{"a":1,"b/c":"x"}],"extra":null}"#
        let check = try ValueCheck(value, schema: schema)
        #expect(check.kinds == [.schemaMismatch, .fieldUndefined])
        #expect(check.faults[0].pointer == "/readings/1/b~1c")
        #expect(check.faults[0].boundedPointer == "/readings/*/*")
        #expect(check.faults[0].offset == 34)
        #expect(check.faults[0].actual == "\"x\"")
        #expect(check.faults[1].pointer == "/extra")
        #expect(check.faults[1].offset == 40)
    }

    @Test func `a long pointer is cut and marked with a hash of the whole`() throws {
        let name = String(repeating: "é", count: 400)
        let other = String(repeating: "é", count: 401)
        let bounded = try [name, other].map {
            try #require(ValueCheck("{\"\($0)\":1}", schema: #"{"@type":"Object","fields":[]}"#).faults.first).boundedPointer
        }
        #expect(bounded.allSatisfy { $0.utf8.count <= 512 && $0.hasPrefix("/éé") })
        #expect(bounded[0] != bounded[1])
    }

    @Test func `a required field must be there, others need not`() throws {
        let schema = #"{"@type":"Object","fields":[{"@type":["Field","Required"],"name":"a","schema":"double"},{"name":"b","schema":"double"}]}"#
        #expect(try ValueCheck(#"{"a":1}"#, schema: schema).kinds.isEmpty)
        let check = try ValueCheck(#"{"b":1}"#, schema: schema)
        #expect(check.kinds == [.fieldRequired])
        #expect(check.faults.first?.pointer == "")
    }

    @Test func `standard objects are known`() throws {
        #expect(try ValueCheck(#"{"type":"Point","coordinates":[1,2]}"#, schema: "\"point\"").kinds.isEmpty)
        #expect(try ValueCheck(#"{"type":"point","coordinates":[1,2]}"#, schema: "\"point\"").kinds == [.enumUnknown])
        #expect(
            try ValueCheck(#"{"type":"Polygon","coordinates":[[[1,2],["3",4]]]}"#, schema: "\"polygon\"").faults.first?.pointer
                == "/coordinates/0/1/0")
        #expect(try ValueCheck(#"{"lat":1,"lon":2}"#, schema: "\"geopoint\"").kinds.isEmpty)
        #expect(try ValueCheck(#"{"lat":1,"alt":2}"#, schema: "\"geopoint\"").kinds == [.geopointIncomplete])
        #expect(try ValueCheck(#"{"x":1,"y":2,"w":3}"#, schema: "\"vector\"").kinds == [.fieldUndefined])
        #expect(try ValueCheck(#"{"value":"1.5","scale":2}"#, schema: "\"scaledDecimal\"").kinds.isEmpty)
    }

    @Test func `every choice can be made the other way`() throws {
        var options = CheckOptions()
        options.nullValue = .accept
        options.datetimeWithoutOffset = .accept
        options.incompleteGeopoint = .accept
        options.undefinedField = .accept
        options.limits = .accept
        #expect(try ValueCheck("null", schema: "\"double\"", options: options).kinds.isEmpty)
        #expect(try ValueCheck("\"2024-01-01T12:30:00\"", schema: "\"dateTime\"", options: options).kinds.isEmpty)
        #expect(try ValueCheck(#"{"lat":1,"x":2}"#, schema: "\"geopoint\"", options: options).kinds.isEmpty)
        #expect(try ValueCheck("200", schema: "\"double\"", extra: #","maxValue":100"#, options: options).kinds.isEmpty)
    }

    @Test func `limits of IoT Central are advice`() throws {
        let range = #","minValue":10,"maxValue":20.5,"decimalPlaces":1"#
        #expect(try ValueCheck("20.5", schema: "\"double\"", extra: range).kinds.isEmpty)
        #expect(try ValueCheck("9.9", schema: "\"double\"", extra: range).kinds == [.valueOutsideLimits])
        #expect(try ValueCheck("10.25", schema: "\"double\"", extra: range).kinds == [.tooManyDecimalPlaces])
        #expect(try ValueCheck("1.10e1", schema: "\"double\"", extra: range).kinds.isEmpty)
        #expect(try ValueCheck("9.9", schema: "\"double\"", extra: range).violations.isEmpty)
        #expect(try ValueCheck("\"abc\"", schema: "\"string\"", extra: #","maxLength":2"#).kinds == [.lengthOutsideLimits])
        #expect(try ValueCheck("\"é€\"", schema: "\"string\"", extra: #","maxLength":2"#).kinds.isEmpty)
    }

    @Test func `a schema that contains itself is followed, but not without end`() throws {
        let model = """
            {"@context":"dtmi:dtdl:context;4","@id":"dtmi:example:tree;1","@type":"Interface","schemas":[{"@id":"dtmi:example:node;1","@type":"Object",
            "fields":[{"name":"child","schema":"dtmi:example:node;1"},{"name":"value","schema":"integer"}]}],
            "contents":[{"@type":"Telemetry","name":"tree","schema":"dtmi:example:node;1"}]}
            """
        let template = try DeviceTemplate(bytes: Array(model.utf8))
        #expect(try ValueCheck(#"{"child":{"child":{"value":"x"}}}"#, template: template).faults.map(\.pointer) == ["/child/child/value"])
        let deep = String(repeating: #"{"child":"#, count: 300) + "{}" + String(repeating: "}", count: 300)
        #expect(try ValueCheck(deep, template: template).kinds == [.tooDeep])
    }

    @Test func `faults stop at the number that was asked for`() throws {
        let value = "[" + String(repeating: "1,", count: 500) + "1]"
        let schema = #"{"@type":"Array","elementSchema":"string"}"#
        #expect(try ValueCheck(value, schema: schema).faults.count == 64)
    }
}
