// swift-tools-version: 6.2
import PackageDescription

/// Each folder of `Sources/` is one room; its imports go downward only (docs/ARCHITECTURE.md lists them).
let package = Package(
    name: "assay",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "assay", targets: ["assay"])
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.30.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
        .systemLibrary(
            name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(
            name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"]), .brew(["snappy"])]),
        .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
        .systemLibrary(
            name: "CBrotli", pkgConfig: "libbrotlidec", providers: [.apt(["libbrotli-dev"]), .brew(["brotli"])]),
        // Loads libcurl when something is sent; its header is all that the build needs.
        .target(name: "CCurlShims"),

        .target(name: "Tables"),
        .target(name: "Schedules", dependencies: ["Tables"]),
        .target(name: "Transport", dependencies: ["Tables", "CCurlShims"]),
        .target(name: "Expressions", dependencies: ["Tables", "CPCRE2"]),
        .target(name: "Statistics", dependencies: ["Tables"]),
        .target(name: "Expectations", dependencies: ["Tables", "Expressions", "Statistics"]),
        .target(name: "Suites", dependencies: ["Tables", "Expressions", "Expectations", "Schedules", "CLibYAML"]),
        .target(name: "CScan"),
        .target(name: "Files", dependencies: ["Tables", "CZlib", "CZstd", "CSnappy", "CLZ4", "CBrotli"]),
        .target(name: "Parquet", dependencies: ["Tables", "Files"]),
        .target(name: "Delta", dependencies: ["Tables", "Files", "Parquet"]),
        .target(name: "Formats", dependencies: ["Tables", "Files", "Parquet", "CScan"]),
        .target(name: "Scan", dependencies: ["Tables", "Expressions", "Statistics", "Expectations"]),
        .target(name: "Intake", dependencies: ["Tables", "Files", "Formats"]),
        .target(
            name: "Pipeline",
            dependencies: [
                "Tables", "Expressions", "Statistics", "Expectations", "Suites", "Files", "Parquet", "Delta", "Formats",
                "Scan", "Intake", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "Service",
            dependencies: [
                "Tables", "Expectations", "Schedules", "Suites", "Files", "Intake", "Ledger", "Transport", "Alerts",
                "Reports",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "Ledger",
            dependencies: [
                "Tables", "Expectations", "Files", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        .target(
            name: "Alerts",
            dependencies: [
                "Tables", "Expectations", "Schedules", "Suites", "Ledger", "Transport",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Reports",
            dependencies: [
                "Tables", "Expectations", "Ledger", .product(name: "Mustache", package: "swift-mustache"),
            ]),
        .executableTarget(
            name: "assay",
            dependencies: [
                "Tables", "Statistics", "Expectations", "Suites", "Files", "Parquet", "Delta", "Formats", "Scan",
                "Pipeline", "Intake", "Schedules", "Transport", "Alerts", "Service", "Ledger", "Reports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Folders, small disks and random numbers for tests.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .testTarget(name: "TablesTests", dependencies: ["TestSupport", "Tables"]),
        .testTarget(name: "SchedulesTests", dependencies: ["TestSupport", "Schedules", "Tables"]),
        // Receivers of requests and mails for tests to send to.
        .target(
            name: "TestServers", dependencies: ["TestSupport", "Tables"], path: "Tests/TestServers", exclude: ["Peers"]),
        .testTarget(name: "TransportTests", dependencies: ["Transport", "TestServers", "Tables"]),
        .testTarget(name: "ExpressionsTests", dependencies: ["TestSupport", "Expressions", "Tables"]),
        .testTarget(name: "StatisticsTests", dependencies: ["TestSupport", "Statistics", "Tables"]),
        .testTarget(
            name: "ExpectationsTests", dependencies: ["Expectations", "Tables", "Statistics", "Suites", "Scan"]),
        .testTarget(
            name: "SuitesTests",
            dependencies: ["TestSupport", "Suites", "Schedules", "Expectations", "Expressions", "Tables"]),
        .testTarget(name: "FilesTests", dependencies: ["TestSupport", "Files", "Tables"]),
        .testTarget(name: "DeltaTests", dependencies: ["TestSupport", "Delta", "Parquet", "Files", "Tables"]),
        .testTarget(
            name: "FormatsTests",
            dependencies: ["TestSupport", "Formats", "Files", "Tables", "CScan", "CZlib", "CZstd"]),
        .testTarget(
            name: "ParquetTests", dependencies: ["TestSupport", "Parquet", "Files", "Tables"],
            exclude: ["Peers/tables.py", "Peers/read_with_peers.py", "Peers/spark_round_trip.py"]),
        .testTarget(
            name: "ScanTests",
            dependencies: [
                "TestSupport", "Scan", "Tables", "Expressions", "Statistics", "Expectations", "Suites", "Files",
                "Formats", "Parquet", "Delta",
            ]),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "TestSupport", "Pipeline", "Tables", "Expressions", "Statistics", "Expectations", "Suites", "Files",
                "Parquet", "Delta", "Formats", "Scan", "Intake", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "IntakeTests", dependencies: ["TestSupport", "Intake", "Files", "Formats", "Parquet", "Tables"]),
        // A server for the tests to kill.
        .executableTarget(name: "IngestVictim", dependencies: ["Service", "Intake"], path: "Tests/IngestVictim"),
        // The service's server with made-up alerts and pipelines, to be looked at, measured and tried by programs.
        .executableTarget(
            name: "ServicePreview", dependencies: ["Service", "Reports", "Ledger", "Expectations", "Tables"],
            path: "Tests/ServicePreview"),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "TestSupport", "IngestVictim", "ServicePreview",
                "Service", "Schedules", "Intake", "Reports", "Ledger", "Expectations", "Suites", "Transport", "Files",
                "Tables", "CZlib", "CZstd", .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "TestSupport", "Ledger", "Expectations", "Tables", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "AlertsTests",
            dependencies: [
                "TestSupport", "Alerts", "Schedules", "Suites", "Ledger", "Transport", "Expectations", "TestServers",
                "Tables",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "ReportsTests", dependencies: ["TestSupport", "Reports", "Ledger", "Expectations", "Tables"],
            exclude: ["Golden"]),
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["Tables", "Expectations", "Suites", "Formats", "Scan"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["assay", "TestSupport", "TestServers", "Delta", "Ledger", "Tables"]),
    ]
)

for target in package.targets where target.type != .system && !["CScan", "CCurlShims"].contains(target.name) {
    var settings = target.swiftSettings ?? []
    settings += [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
    ]
    target.swiftSettings = settings
}
