import Foundation
import JSON

@testable import dtdl_conformance

/// Cases of other projects, which are not part of this one: found through `HINDCAST_CONFORMANCE`.
enum Conformance {
    static let folder = ProcessInfo.processInfo.environment["HINDCAST_CONFORMANCE"]
    static var isThere: Bool { folder != nil }
    static let whyNot = "HINDCAST_CONFORMANCE does not name the folder of conformance cases"

    static func cases(_ name: String) throws -> [JSONTree] { try folder.map { try CaseFile("\($0)/\(name)").cases } ?? [] }

    static func bytes(_ name: String) throws -> [UInt8] { try folder.map { try CaseFile.bytes("\($0)/\(name)") } ?? [] }
}
