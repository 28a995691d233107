import DTDL
import Glibc
import JSON

/// What the check of one field costs: reading the message, finding the capability by its name and walking the value, in CPU time of this thread.
struct FieldCost {
    /// A template and a message, with what was measured.
    struct Sample {
        let capabilities: Int
        /// Leaf values of the message.
        let fields: Int
        let nanosecondsPerField: Double
    }

    /// One template with a message of all its capabilities, or of its first ones.
    private struct Subject {
        let template: CompiledTemplate
        let capabilities: Int
        let message: [UInt8]
        let fields: Int
        var reader = JSONReader()
        var checker = SchemaChecker()
        var faults: [SchemaFault] = []
        var rounds: [Double] = []

        init(capabilities: Int, sent: Int) throws {
            template = try DeviceTemplate(bytes: Array(FieldCost.template(capabilities).utf8)).compiled
            self.capabilities = capabilities
            message = Array(("{" + (0..<sent).map { "\"\(FieldCost.name($0))\":\(FieldCost.value($0))" }.joined(separator: ",") + "}").utf8)
            fields = sent / 5 * 10
        }

        /// Checks the message once; the number of fields that were found and right.
        mutating func check() throws -> Int { try Self.check(message, template, &reader, &checker, &faults) }

        private static func check(
            _ message: [UInt8], _ template: CompiledTemplate, _ reader: inout JSONReader, _ checker: inout SchemaChecker,
            _ faults: inout [SchemaFault]
        ) throws -> Int {
            try reader.read(message.rawBytes)
            let document = reader.document(over: message.rawBytes)
            var right = 0
            var next = document.firstMember(of: document.root)
            while let member = next {
                if let number = template.capability(named: member.key, of: document, inComponent: 0),
                    let program = template.capabilities[number].program,
                    checker.check(member.value, in: document, program: program, of: template.programs, into: &faults)
                {
                    right += 1
                }
                next = document.nextMember(after: member, in: document.root)
            }
            return right
        }

        mutating func measure() throws {
            let repetitions = 200_000 / fields
            let start = FieldCost.cpuTime()
            for _ in 0..<repetitions { _ = try check() }
            rounds.append(Double(FieldCost.cpuTime() - start) / Double(repetitions * fields))
        }

        var sample: Sample { Sample(capabilities: capabilities, fields: fields, nanosecondsPerField: rounds.sorted()[rounds.count / 2]) }
    }

    /// A message is wrong by its own template, so that nothing was measured.
    struct WrongMessage: Error {}

    /// Ten capabilities with all of them sent, 300 likewise, and 300 with ten of them sent.
    let samples: [Sample]

    /// Measures in rounds, each subject once a round, so that a slow moment of the machine meets all of them.
    init(rounds: Int) throws {
        var subjects = [try Subject(capabilities: 10, sent: 10), try Subject(capabilities: 300, sent: 300), try Subject(capabilities: 300, sent: 10)]
        for index in subjects.indices {
            let right = try subjects[index].check()
            guard subjects[index].faults.isEmpty, right == subjects[index].fields / 2 else { throw WrongMessage() }
        }
        for _ in 0..<rounds {
            for index in subjects.indices { try subjects[index].measure() }
        }
        samples = subjects.map(\.sample)
    }

    /// How much more a field costs with 300 capabilities than with ten, both with messages of all: 1 for as much.
    var ratio: Double { samples[1].nanosecondsPerField / samples[0].nanosecondsPerField }

    /// The samples as JSON.
    var json: JSONTree {
        .object([
            "samples": .array(
                samples.map {
                    .object([
                        "capabilities": .integer(Int64($0.capabilities)), "fields": .integer(Int64($0.fields)),
                        "nsPerField": .double(Self.rounded($0.nanosecondsPerField)),
                    ])
                }),
            "ratio": .double(Self.rounded(ratio)),
        ])
    }

    // MARK: -

    private static func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }

    /// Nanoseconds of this process's processor time, in steps of a microsecond (POSIX: `CLOCKS_PER_SEC` is 1,000,000).
    private static func cpuTime() -> Int { Int(clock()) * 1000 }

    /// Every fifth capability is an object with an object in it, so that five capabilities have ten leaves.
    private static func template(_ count: Int) -> String {
        let inner =
            #"{"@type":"Object","fields":[{"name":"lat","schema":"double"},{"name":"lon","schema":"double"},{"name":"fix","schema":"boolean"}]}"#
        let outer = """
            {"@type":"Object","fields":[{"name":"at","schema":"dateTime"},{"name":"count","schema":"long"},{"name":"unit","schema":"string"},\
            {"name":"place","schema":\(inner)}]}
            """
        let state = """
            {"@type":"Enum","valueSchema":"string","enumValues":[{"name":"on","enumValue":"on"},{"name":"off","enumValue":"off"}]}
            """
        let schemas = [outer, "\"double\"", "\"integer\"", "\"string\"", state]
        let contents = (0..<count).map { #"{"@type":"Telemetry","name":"\#(name($0))","schema":\#(schemas[$0 % 5])}"# }
        return """
            {"@context":"dtmi:dtdl:context;2","@id":"dtmi:example:fields;1","@type":"Interface","contents":[\(contents.joined(separator: ","))]}
            """
    }

    private static func name(_ number: Int) -> String { "reading\(number)" }

    private static func value(_ number: Int) -> String {
        let values = [
            #"{"at":"2026-01-02T03:04:05Z","count":7,"unit":"mm","place":{"lat":1.5,"lon":2.5,"fix":true}}"#, "21.5", "42", "\"ready\"", "\"on\"",
        ]
        return values[number % 5]
    }
}
