import ArgumentParser
import Catalog
import Hashing
import Logging
import Postgres

/// `hindcast template publish`.
struct TemplatePublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Stores device templates.",
        discussion: """
            Takes DTDL Interfaces, arrays of them, and device templates as IoT Central exports them. The same content under the same id, whatever its \
            white space and order of keys, is no new version. All files are read and checked before the first is stored.

            Examples:
              hindcast template publish pump.json
              hindcast template publish models/*.json
            """)

    @OptionGroup var options: SettingOptions

    @Argument(help: ArgumentHelp("Files to publish.", valueName: "file"))
    var files: [String]

    func run() throws {
        var documents: [(path: String, bytes: [UInt8])] = []
        for path in files {
            switch FileBytes.read(path) {
            case .success(let bytes): documents.append((path, bytes))
            case .failure(let failure): throw OperatorError(.usage, "Cannot read the template \(path): \(failure.reason).")
            }
        }
        for (path, bytes) in documents { try Self.naming(path) { () throws(CatalogError) in try Templates.check(bytes) } }
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        for (path, bytes) in documents {
            let result = try Self.naming(path) { () throws(CatalogError) in try Templates.publish(bytes, actor: Actor.name, on: &connection) }
            for issue in result.issues { Output.error("\(path):\(issue.line): \(issue.message) [\(issue.code)]") }
            let version = result.version
            let outcome = !result.isNew ? "already there" : version.isInForce ? "published, in force" : "published; activate it to put it in force"
            Output.line("\(version.templateID)@\(version.version) \(version.sha256.hex.prefix(12)) \(outcome)")
        }
    }

    /// Says which file it is that cannot be published.
    private static func naming<T>(_ path: String, _ body: () throws(CatalogError) -> T) throws -> T {
        do throws(CatalogError) {
            return try body()
        } catch {
            guard error.database == nil else { throw error }
            throw OperatorError(.usage, "\(path): \(error.description)")
        }
    }
}
