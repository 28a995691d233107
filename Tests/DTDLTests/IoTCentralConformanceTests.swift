import DTDL
import JSON
import Testing

/// Values with the verdict of the Azure CLI, which is more lenient in places and stricter in others, and payloads from IoT Central's documentation.
@Suite(.enabled(if: Conformance.isThere, Comment(rawValue: Conformance.whyNot)))
struct IoTCentralConformanceTests {
    /// Where the verdict differs on purpose: the schema, the CLI's verdict, and why.
    private static let differences: [(schema: String, theirs: Bool, why: String)] = [
        ("date", true, "The CLI takes any ISO 8601 date, such as 20200101; DTDL takes YYYY-MM-DD."),
        ("dateTime", true, "The CLI takes a dateTime without an offset; here it is a fault of its own kind."),
        ("time", true, "The CLI takes a time without an offset, or with fewer parts."),
        ("duration", true, "The CLI takes durations with a sign or in another form."),
        ("geopoint", false, "The CLI asks for lat and lon; DTDL requires no field, so what lacks them gets advice."),
        ("vector", false, "The CLI asks for x, y and z; DTDL requires no field."),
        ("integer", true, "The CLI takes booleans for numbers."), ("long", true, "The CLI takes booleans and fractions for long."),
        ("double", true, "The CLI takes booleans for numbers."), ("float", true, "The CLI takes booleans for numbers."),
    ]

    @Test func `values are judged as the Azure CLI does, but for the listed differences`() throws {
        var unexplained: [String] = []
        for testCase in try Conformance.cases("iotcentral-instances.jsonl.gz") {
            let schema = String(decoding: try #require(testCase["schema"]).canonicalBytes(), as: UTF8.self)
            let value = String(decoding: (testCase["instance"] ?? .null).canonicalBytes(), as: UTF8.self)
            let theirs = testCase["valid"]?.boolValue ?? false
            let isNull = value == "null"  // the CLI finds nothing to check in it
            let ours = isNull ? true : try ValueCheck(value, schema: schema, version: 2).violations.isEmpty
            let isExplained = Self.differences.contains { schema == "\"\($0.schema)\"" && theirs == $0.theirs }
            if ours != theirs, !isExplained { unexplained.append("\(testCase["case"]?.stringValue ?? ""): \(value) by \(schema)") }
        }
        #expect(unexplained.isEmpty)
    }

    @Test func `payloads of the documentation are right`() throws {
        for testCase in try Conformance.cases("payload-examples.jsonl.gz") where testCase["valid"]?.boolValue ?? false {
            guard let capability = testCase["capability"], let name = capability["name"]?.stringValue, var value = testCase["payload"]?[name],
                let schema = capability["schema"]
            else { continue }
            // An acknowledgement wraps the value; so does a component's desired value at times.
            if let inner = value["value"], value["ac"] != nil || value.members.count == 1 { value = inner }
            let faults = try ValueCheck(
                String(decoding: value.canonicalBytes(), as: UTF8.self), schema: String(decoding: schema.canonicalBytes(), as: UTF8.self), version: 2
            ).faults
            #expect(faults.isEmpty, "\(testCase["case"]?.stringValue ?? ""): \(faults)")
        }
    }
}
