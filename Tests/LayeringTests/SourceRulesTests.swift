import Testing

@Suite struct SourceRulesTests {
    @Test func `every import is in the import table`() throws {
        let sources = try Repository.sources()
        #expect(sources.count > 50, "the sources were not found")
        #expect(sources.flatMap { SourceRules.forbiddenImports(in: $0) } == [])
    }

    @Test func `every folder of Sources has a row`() throws {
        let folders = try Repository.targetFolders()
        #expect(folders.filter { ImportTable.rows[$0] == nil && !ImportTable.systemLibraries.contains($0) } == [])
    }

    @Test func `only the wrappers and the reader hold unsafe code`() throws {
        let sources = try Repository.sources()
        #expect(sources.flatMap { SourceRules.unsafeCode(in: $0) } == [])
    }

    @Test func `only EventLog and Catalog speak SQL about their tables`() throws {
        let sources = try Repository.sources()
        #expect(sources.flatMap { SourceRules.foreignTables(in: $0) } == [])
    }

    // MARK: - The rules can say no

    @Test(arguments: [
        ("Diagnostics", "import Postgres", "Postgres"),
        ("EventLog", "package import Kafka", "Kafka"),
        ("JSON", "public import Foundation", "Foundation"),
        ("Catalog", "import struct Foundation.Date", "Foundation"),
        ("Kafka", "@preconcurrency internal import FoundationEssentials", "FoundationEssentials"),
        ("hindcast", "import CLibPQ", "CLibPQ"),
        ("EventLog", "import Logging", "Logging"),
        ("Simulation", "@_exported import ArgumentParser", "ArgumentParser"),
        ("Threading", "#if os(Linux)\n    import JSON\n#endif", "JSON"),
    ])
    func `an import outside the table is found`(target: String, text: String, module: String) {
        let violations = SourceRules.forbiddenImports(in: SourceText(path: "Sources/\(target)/Made.swift", text: text))
        #expect(violations.count == 1)
        #expect(violations.first?.hasSuffix("\(target) may not import \(module)") == true)
    }

    @Test func `allowed imports and prose about imports are not`() {
        let text = """
            import Glibc
            package import JSON
            // import Postgres would be wrong here
            /* import Kafka /* nested */
            import Kafka */
            let words = "important"
            """
        #expect(SourceRules.forbiddenImports(in: SourceText(path: "Sources/DTDL/Made.swift", text: text)) == [])
    }

    @Test func `a target without a row is found`() {
        #expect(SourceRules.forbiddenImports(in: SourceText(path: "Sources/Helpful/Made.swift", text: "")).count == 1)
        #expect(SourceRules.forbiddenImports(in: SourceText(path: "migrations/Made.swift", text: "import JSON")).count == 1)
    }

    @Test(arguments: ["let a = unsafe f(p)", "nonisolated(unsafe) var a = 1", "@unsafe struct A {}", "let s = \"\\(unsafe p.pointee)\""])
    func `unsafe code outside the wrappers is found`(text: String) {
        #expect(SourceRules.unsafeCode(in: SourceText(path: "Sources/Diagnostics/Made.swift", text: text)).count == 1)
        #expect(SourceRules.unsafeCode(in: SourceText(path: "Sources/Kafka/Made.swift", text: text)) == [])
    }

    @Test func `a word that only contains unsafe and a comment are not`() {
        let text = "// this is not unsafe\nlet isUnsafe = unsafely(a) /* unsafe */"
        #expect(SourceRules.unsafeCode(in: SourceText(path: "Sources/Diagnostics/Made.swift", text: text)) == [])
    }

    @Test(arguments: [
        ("\"SELECT 1 FROM hindcast.event\"", "EventLog"),
        ("\"\"\"\n    SELECT payload FROM\n        event e\n    \"\"\"", "EventLog"),
        ("\"UPDATE hindcast.source_cursor SET\"", "EventLog"),
        ("#\"INSERT INTO ingest_batch VALUES ('//')\"#", "EventLog"),
        ("\"JOIN hindcast.template_version USING (id)\"", "Catalog"),
        ("\"COPY epoch FROM STDIN\"", "Catalog"),
        ("\"DELETE FROM hindcast.control_event\"", "Catalog"),
        ("let table = \"live_generation\"", "Catalog"),
    ])
    func `SQL about another module's table is found`(text: String, owner: String) {
        let violations = SourceRules.foreignTables(in: SourceText(path: "Sources/Projections/Made.swift", text: text))
        #expect(violations.count == 1)
        #expect(violations.first?.hasSuffix("belongs to \(owner)") == true)
        #expect(SourceRules.foreignTables(in: SourceText(path: "Sources/\(owner)/Made.swift", text: text)) == [])
    }

    @Test func `columns, functions, views and comments of the same name are not`() {
        let text = """
            /// Follows `source_cursor` and hindcast.event.
            let sql = "SELECT template_version, epoch, event_time FROM hindcast.finding WHERE generation = $1"
            let other = "SELECT hindcast.make_segment($1), hindcast.event_reindex FROM diagnostics.log_holes" // hindcast.epoch
            """
        #expect(SourceRules.foreignTables(in: SourceText(path: "Sources/Projections/Made.swift", text: text)) == [])
    }

    @Test func `a string holds no comment and a comment no string`() {
        let text = """
            let a = "/* hindcast.event" // " hindcast.event
            let b = #"\\" // hindcast.event"# /* " */
            """
        let violations = SourceRules.foreignTables(in: SourceText(path: "Sources/Ingest/Made.swift", text: text))
        #expect(violations.map { $0.prefix { $0 != " " } } == ["Sources/Ingest/Made.swift:1:", "Sources/Ingest/Made.swift:2:"])
    }
}
