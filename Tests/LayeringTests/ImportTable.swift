/// What a target may import.
struct ImportRow {
    /// Targets of this package.
    var ours: Set<String> = []
    /// Modules of other packages.
    var packages: Set<String> = []
    /// Whether Foundation may be imported; where not, time is a number and text is bytes.
    var foundation = false
}

/// Who may know whom. A target exists where its row differs from every other one.
enum ImportTable {
    /// Modules that come with the toolchain and that every target may import.
    static let always: Set<String> = ["Swift", "Glibc", "Synchronization"]
    static let foundation: Set<String> = ["Foundation", "FoundationEssentials"]

    static let rows: [String: ImportRow] = [
        "Hashing": ImportRow(ours: ["CLibCrypto"]),
        "JSON": ImportRow(),
        "DTDL": ImportRow(ours: ["JSON"]),
        "ModelFiles": ImportRow(ours: ["JSON", "DTDL"], foundation: true),
        "Diagnostics": ImportRow(ours: ["JSON", "DTDL", "Hashing"]),
        "Threading": ImportRow(),
        "Postgres": ImportRow(ours: ["CLibPQ", "Threading", "Hashing"], packages: ["Logging"]),
        "Kafka": ImportRow(ours: ["CRdKafka", "Threading"], packages: loggingAndMetrics),
        "Migrations": ImportRow(),
        "EventLog": ImportRow(ours: ["JSON", "Diagnostics", "Postgres", "Hashing"]),
        "Catalog": ImportRow(ours: ["JSON", "DTDL", "Diagnostics", "Postgres", "Hashing"]),
        "Ingest": ImportRow(
            ours: ["JSON", "Diagnostics", "Kafka", "EventLog", "Threading", "Postgres", "Hashing"], packages: loggingAndMetrics, foundation: true),
        "Projections": ImportRow(ours: projections, packages: loggingAndMetrics, foundation: true),
        "Replay": ImportRow(ours: projections.union(["Projections"]), packages: loggingAndMetrics, foundation: true),
        "Outbound": ImportRow(ours: ["CLibCurl", "CZLib"]),
        "Exports": ImportRow(ours: projections.union(["Projections", "Kafka", "Outbound"]), packages: loggingAndMetrics, foundation: true),
        "Simulation": ImportRow(ours: ["JSON", "Diagnostics", "Kafka"], packages: ["Logging"], foundation: true),
        "hindcast": ImportRow(
            ours: [
                "Hashing", "JSON", "DTDL", "Diagnostics", "Threading", "Postgres", "Kafka", "Migrations", "EventLog", "Catalog", "Ingest",
                "Projections", "Replay", "Exports", "Simulation", "ModelFiles",
            ],
            packages: loggingAndMetrics.union(["ServiceLifecycle", "UnixSignals", "ArgumentParser", "Configuration", "Yams"]), foundation: true),
        // Produces load and checks digests for `make bench` and `make proof`; no part of the product.
        "hindcast-load": ImportRow(
            ours: ["Hashing", "JSON", "DTDL", "Diagnostics", "Threading", "Postgres", "Kafka", "EventLog", "Simulation"],
            packages: loggingAndMetrics.union(["ArgumentParser"]), foundation: true),
        // Runs conformance cases of other projects; no part of the product.
        "dtdl-conformance": ImportRow(ours: ["JSON", "DTDL"], packages: ["ArgumentParser"], foundation: true),
    ]

    /// swift-metrics is two modules: a metric's members are in the second one.
    private static let loggingAndMetrics: Set<String> = ["Logging", "Metrics", "CoreMetrics"]
    private static let projections: Set<String> = ["JSON", "DTDL", "Diagnostics", "EventLog", "Catalog", "Postgres", "Threading", "Hashing"]

    /// Folders of `Sources` that hold a module map and no Swift.
    static let systemLibraries: Set<String> = ["CLibPQ", "CRdKafka", "CLibCrypto", "CLibCurl", "CZLib"]
}
