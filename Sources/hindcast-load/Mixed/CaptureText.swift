import Foundation
import Kafka

/// A record as a line of a capture file, in the form of `kcat -J`, bytes in base64.
enum CaptureText {
    static func line(_ record: LoadRecord, topic: String, offset: Int) -> String {
        var members = [
            #""topic":"\#(topic)""#, #""partition":\#(record.partition)"#, #""offset":\#(offset)"#, #""tstype":"create""#,
            #""ts":\#(record.milliseconds)"#,
        ]
        if !record.headers.isEmpty {
            let headers = record.headers.map { #""\#($0.name)",\#($0.value.map(base64) ?? "null")"# }
            members.append(#""headers_base64":[\#(headers.joined(separator: ","))]"#)
        }
        if let key = record.key { members.append(#""key_base64":\#(base64(key))"#) }
        if let value = record.value { members.append(#""payload_base64":\#(base64(value))"#) }
        return "{\(members.joined(separator: ","))}\n"
    }

    private static func base64(_ bytes: [UInt8]) -> String { #""\#(Data(bytes).base64EncodedString())""# }
}
