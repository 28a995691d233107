// swift-tools-version: 6.2
import PackageDescription

/// What the binary is linked with that the operating system provides, by its Debian package.
let libpq = Target.systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])])
let librdkafka = Target.systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])])
let libcrypto = Target.systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])])
let libcurl = Target.systemLibrary(name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])])
let zlib = Target.systemLibrary(name: "CZLib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])])

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "hindcast",
    products: [
        .library(name: "DTDL", targets: ["DTDL"]),
        .executable(name: "hindcast", targets: ["hindcast"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: [.defaults, "YAML"]),
        // The version that swift-configuration reads YAML with; its own reader of files knows no lists of maps.
        .package(url: "https://github.com/jpsim/Yams", "5.4.0"..<"7.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        libpq, librdkafka, libcrypto, libcurl, zlib,
        .target(name: "Hashing", dependencies: ["CLibCrypto"]),
        .target(name: "JSON"),
        .target(name: "DTDL", dependencies: ["JSON"]),
        .target(name: "ModelFiles", dependencies: ["JSON", "DTDL"]),
        .target(name: "Diagnostics", dependencies: ["JSON", "DTDL", "Hashing"]),
        .target(name: "Threading"),
        .target(name: "Postgres", dependencies: ["CLibPQ", "Threading", "Hashing", logging]),
        .target(name: "Kafka", dependencies: ["CRdKafka", "Threading", logging, metrics]),
        .target(name: "Migrations", path: "migrations", resources: [.embedInCode("sql")]),
        .target(name: "EventLog", dependencies: ["JSON", "Diagnostics", "Postgres", "Hashing"]),
        .target(name: "Catalog", dependencies: ["JSON", "DTDL", "Diagnostics", "Postgres", "Hashing"]),
        .target(name: "Ingest", dependencies: ["JSON", "Diagnostics", "Kafka", "EventLog", "Threading", "Postgres", "Hashing", logging, metrics]),
        .target(
            name: "Projections",
            dependencies: ["JSON", "DTDL", "Diagnostics", "EventLog", "Catalog", "Postgres", "Threading", "Hashing", logging, metrics]),
        .target(
            name: "Replay",
            dependencies: [
                "JSON", "DTDL", "Diagnostics", "EventLog", "Catalog", "Projections", "Postgres", "Threading", "Hashing", logging, metrics,
            ]),
        .target(
            name: "Exports",
            dependencies: [
                "JSON", "DTDL", "Diagnostics", "EventLog", "Catalog", "Projections", "Postgres", "Threading", "Hashing", "Kafka", "Outbound",
                logging, metrics,
            ]),
        .target(name: "Outbound", dependencies: ["CLibCurl", "CZLib"]),
        .target(name: "Simulation", dependencies: ["JSON", "Diagnostics", "Kafka", logging]),
        .executableTarget(
            name: "hindcast",
            dependencies: [
                "JSON", "DTDL", "Diagnostics", "Threading", "Postgres", "Kafka", "Migrations", "EventLog", "Catalog", "Ingest", "Projections",
                "Replay", "Exports", "Simulation", "Hashing", "ModelFiles", logging, metrics, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "hindcast-load",
            dependencies: [
                "JSON", "DTDL", "Diagnostics", "Threading", "Postgres", "Kafka", "EventLog", "Simulation", "Hashing", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "dtdl-conformance", dependencies: ["JSON", "DTDL", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .target(name: "TestSupport", dependencies: ["Postgres", "Kafka", "Migrations", "Threading", logging], path: "Tests/TestSupport"),
        .target(
            name: "LogSupport", dependencies: ["JSON", "Diagnostics", "EventLog", "Postgres", "Threading", "TestSupport", logging],
            path: "Tests/LogSupport"),
        .target(
            name: "ExportSimulation", dependencies: ["Diagnostics", "Kafka", "Simulation"], path: "Tests/ExportSimulation"),
        .testTarget(name: "ExportSimulationTests", dependencies: ["ExportSimulation", "Diagnostics", "JSON", "Kafka"]),
        .testTarget(name: "HashingTests", dependencies: ["Hashing"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "DTDLTests", dependencies: ["DTDL", "JSON", "dtdl-conformance"]),
        .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles", "DTDL"]),
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics", "DTDL", "JSON", "Hashing"]),
        .testTarget(name: "ThreadingTests", dependencies: ["Threading", "TestSupport"]),
        .testTarget(name: "PostgresTests", dependencies: ["Postgres", "Hashing", "Threading", "TestSupport", logging]),
        .testTarget(name: "KafkaTests", dependencies: ["Kafka", "TestSupport"]),
        .testTarget(name: "EventLogTests", dependencies: ["EventLog", "Diagnostics", "Postgres", "LogSupport", "TestSupport"]),
        .testTarget(
            name: "IngestTests",
            dependencies: ["Ingest", "EventLog", "Diagnostics", "Kafka", "Postgres", "JSON", "LogSupport", "TestSupport", logging]),
        .testTarget(
            name: "CatalogTests", dependencies: ["Catalog", "Diagnostics", "JSON", "Hashing", "Postgres", "TestSupport", logging]),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: [
                "Projections", "Catalog", "EventLog", "Diagnostics", "Hashing", "JSON", "Postgres", "Threading", "LogSupport", "TestSupport", logging,
            ]),
        .testTarget(
            name: "ReplayTests",
            dependencies: [
                "Replay", "Projections", "Catalog", "EventLog", "Diagnostics", "Hashing", "JSON", "Postgres", "Threading", "LogSupport",
                "TestSupport",
                logging,
            ]),
        .testTarget(
            name: "ExportsTests",
            dependencies: [
                "Exports", "Outbound", "ExportSimulation", "Ingest", "Projections", "Catalog", "EventLog", "Diagnostics", "Hashing", "JSON", "Kafka",
                "Postgres",
                "Threading", "LogSupport",
                "TestSupport", logging,
            ]),
        .testTarget(
            name: "Sabotage",
            dependencies: [
                "Catalog", "EventLog", "Exports", "Projections", "Replay", "Diagnostics", "Postgres", "LogSupport", "TestSupport", logging,
            ],
            path: "Tests/Sabotage"),
        .testTarget(name: "HindcastLoadTests", dependencies: ["hindcast-load", "Diagnostics", "Hashing", "JSON", "Kafka", "Simulation"]),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation", "Diagnostics", "DTDL", "JSON", "Kafka"]),
        .testTarget(
            name: "CLITests",
            dependencies: [
                "hindcast", "Simulation", "Catalog", "Diagnostics", "EventLog", "Exports", "JSON", "Kafka", "Migrations", "Postgres", "Projections",
                "Replay",
                "Threading",
                "LogSupport",
                "TestSupport", logging,
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Yams", package: "Yams"),
            ]),
        .testTarget(name: "MigrationsTests", dependencies: ["Migrations", "Postgres", "LogSupport", "TestSupport"]),
        .testTarget(name: "LayeringTests"),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),  // SE-0335: `any` is written out
            .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444: a member needs its module imported
            .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409: a dependency leaks only by `public import`
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461: async stays on its caller
            .enableExperimentalFeature("Lifetimes"),  // `@_lifetime`, for spans over C memory
            .strictMemorySafety(),  // SE-0458: every unsafe expression says `unsafe`
            .treatAllWarnings(as: .error),  // SE-0443
        ]
}
