import Kafka
import Simulation

/// Puts members and headers into a record that mean something: what random bytes hardly ever make, and what most rules about names and places look for.
enum RecordInsertion {
    /// Members for objects, of the mixed template and of envelopes.
    private static let members = [
        #""__t":"c""#, #""User":1"#, #""a b":1"#, #""firmware":"x""#, #""temperature":1"#, #""speed":1.5"#, #""hours":3"#,
        #""pump":{"__t":"c","speed":1}"#,
        #""pump":{"__t":"c","hours":"x"}"#, #""setpoint":{"value":1,"ac":"200","av":1}"#, #""setpoint":{"value":"x","ac":200,"av":2,"ad":7}"#,
        #""module":"ghost""#, #""component":"pmup""#, #""deviceId":"""#, #""subject":null"#, #""id":7"#, #""place":{"lat":1,"alt":2}"#,
        #""place":{"lat":91,"lon":"x"}"#, #""reading":{"value":"x","Unit":1}"#, #""reading":{}"#, #""count":1.0"#, #""mode":"IDLE""#,
        #""messageProperties":{"iothub-creation-time-utc":"2020-01-01T00:00:00Z"}"#, #""data_base64":"eyJ0ZW1wZXJhdHVyZSI6Mn0=""#,
        #""data_base64":"e30""#, #""desired":{"firmware":"x","hours":1}"#, #""approved":"no""#,
    ]

    /// Elements for arrays, of lists of properties and of JSON Patches.
    private static let elements = [
        #"{"name":"firmware","value":7}"#, #"{"name":"temperature","value":1}"#, #"{"component":"valve","name":"hours","value":1}"#, #"{"value":1}"#,
        #"{"module":"ghost","name":"firmware","value":"x"}"#, #"{"name":"setpoint","value":{"value":1,"ac":true,"av":1}}"#,
        #"{"op":"add","path":"/firmware","value":7}"#, #"{"op":"add","path":"/valve/hours","value":1}"#, #"{"op":"add","path":"/pump","value":4}"#,
    ]

    private static let headers: [(name: String, value: [UInt8])] = [
        ("iothub-creation-time-utc", Array("2020-01-01T00:00:00Z".utf8)), ("iothub-connection-module-id", Array("ghost".utf8)),
        ("content-encoding", Array("gzip".utf8)), ("content-type", Array("text/plain".utf8)),
        ("content-type", Array("application/cloudevents+json".utf8)),
        ("ce_devicetime", Array("2020-01-01T00:00:00Z".utf8)), ("ce_module", Array("ghost".utf8)), ("ttd", Array("-1".utf8)),
        ("ttl", Array("1".utf8)),
    ]

    static func apply(to record: inout LoadRecord, _ numbers: inout SeededNumbers) {
        if Int.random(in: 0..<6, using: &numbers) == 0, let header = headers.randomElement(using: &numbers) {
            record.headers.removeAll { $0.name == header.name }
            record.headers.append(ProducerHeader(header.name, header.value))
        } else if var value = record.value, let place = place(in: value, &numbers) {
            let isArray = value[place] == UInt8(ascii: "[")
            guard let text = (isArray ? elements : members).randomElement(using: &numbers) else { return }
            let isEmpty = place + 1 < value.count && (value[place + 1] == UInt8(ascii: "}") || value[place + 1] == UInt8(ascii: "]"))
            value.insert(contentsOf: Array((isEmpty ? text : text + ",").utf8), at: place + 1)
            record.value = value
        }
    }

    /// The place of one of the brackets that open an object or an array.
    private static func place(in value: [UInt8], _ numbers: inout SeededNumbers) -> Int? {
        value.indices.filter { value[$0] == UInt8(ascii: "{") || value[$0] == UInt8(ascii: "[") }.randomElement(using: &numbers)
    }
}
