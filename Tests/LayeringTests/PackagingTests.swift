import Testing

@Suite struct PackagingTests {
    @Test func `manifest, bootstrap and Dockerfile name the same libraries`() throws {
        let manifest = try Repository.text("Package.swift")
        #expect(PackagingRules.manifestPackages(manifest).count >= 3)
        let found = PackagingRules.disagreements(
            manifest: manifest, bootstrap: try Repository.text("scripts/bootstrap"), dockerfile: try Repository.text("Dockerfile"))
        #expect(found == [])
    }

    // MARK: - The rule can say no

    private static let manifest = """
        let a = Target.systemLibrary(name: "A", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])])
        let b = Target.systemLibrary(name: "B", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])])
        """
    private static let bootstrap = "#!/bin/sh\nlibraries='libpq:libpq-dev libcrypto:libssl-dev'\n"
    private static let dockerfile = """
        # made up
        FROM swift AS build
        RUN apt-get update \\
            && apt-get install --yes pkg-config libpq-dev libssl-dev \\
            && rm -rf /var/lib/apt/lists/*
        FROM debian
        RUN apt-get install --yes libpq5 libssl3 && true
        USER hindcast
        """

    private func disagreements(bootstrap: String = bootstrap, replacing old: String, by new: String) -> [String] {
        PackagingRules.disagreements(manifest: Self.manifest, bootstrap: bootstrap, dockerfile: Self.dockerfile.replacing(old, with: new))
    }

    @Test func `files that agree pass`() {
        #expect(disagreements(replacing: "nothing", by: "nothing") == [])
    }

    @Test(arguments: [
        (" libssl-dev ", " ", "the build stage does not install libssl-dev"),
        (" pkg-config ", " ", "the build stage does not install pkg-config"),
        (" libpq5 ", " ", "the image does not install libpq5"),
        ("USER hindcast", "USER root", "the image runs as root"),
        ("USER hindcast", "", "the image runs as root"),
        ("FROM debian", "", "the Dockerfile has 1 stages instead of 2"),
    ])
    func `a Dockerfile that lacks something is found`(old: String, new: String, violation: String) {
        #expect(disagreements(replacing: old, by: new) == [violation])
    }

    @Test func `a bootstrap that lacks a library, and a library that nobody knows, are found`() {
        #expect(disagreements(bootstrap: "libraries='libpq:libpq-dev'", replacing: "-", by: "-").count == 1)
        let unknown = Self.manifest + "\nproviders: [.apt([\"libnew-dev\"])]"
        let found = PackagingRules.disagreements(manifest: unknown, bootstrap: Self.bootstrap, dockerfile: Self.dockerfile)
        #expect(found.contains("it is not known what libnew-dev needs at run time"))
    }
}
