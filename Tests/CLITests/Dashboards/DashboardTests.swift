import Foundation
import JSON
import Testing

/// What dashboards have to be before anything is asked of a database.
struct DashboardTests {
    @Test func `there is a dashboard for each of the questions, and each can be told from the others`() throws {
        let dashboards = try Dashboard.all()
        #expect(dashboards.map(\.file) == ["device.json", "exports.json", "fleet.json", "pipeline.json", "replay.json", "validation.json"])
        #expect(Set(dashboards.map(\.uid)).count == dashboards.count)
        for dashboard in dashboards {
            #expect(dashboard.uid == "hindcast-\(dashboard.file.dropLast(".json".count))")
            #expect((39...41).contains(dashboard.tree["schemaVersion"]?.integerValue ?? 0), "\(dashboard.file)")
            #expect(dashboard.tree["timezone"]?.stringValue == "utc")
        }
    }

    @Test func `every panel has a title of its own, a place that no other panel has, and the data source that is provisioned`() throws {
        let provisioned = try String(contentsOfFile: "\(Dashboard.folder)/provisioning/datasources/hindcast.yaml", encoding: .utf8)
        #expect(provisioned.contains("uid: hindcast\n"))
        for dashboard in try Dashboard.all() {
            #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count, "\(dashboard.file)")
            #expect(Set(dashboard.panels.map(\.title)).count == dashboard.panels.count, "\(dashboard.file)")
            #expect(dashboard.panels.count <= 10)
            #expect((dashboard.panels.map(\.source) + dashboard.variables.map(\.source)).allSatisfy { $0 == "hindcast" }, "\(dashboard.file)")
            #expect(Self.overlaps(in: dashboard) == [], "\(dashboard.file)")
        }
    }

    @Test func `values of variables stand in queries as quoted text only`() throws {
        for dashboard in try Dashboard.all() {
            let names = dashboard.variables.map(\.name)
            for query in dashboard.panels.map(\.query) + dashboard.variables.map(\.query) {
                for name in names {
                    #expect(!query.contains("$\(name)") && !query.contains("${\(name)}"), "\(dashboard.file): \(query)")
                }
            }
        }
    }

    @Test func `a dashboard reads public views alone, and each query keeps to one tenant`() throws {
        for dashboard in try Dashboard.all() {
            for query in dashboard.panels.map(\.query) + dashboard.variables.filter({ $0.name != "tenant" }).map(\.query) {
                #expect(query.contains("FROM diagnostics."), "\(query)")
                #expect(!query.contains("hindcast."), "\(query)")
                // A replay concerns all tenants; what it changes belongs to one.
                let isOfAll = query.contains("diagnostics.replay_runs") && query.contains("tenant IN ('', ${tenant:sqlstring})")
                #expect(query.contains("tenant = ${tenant:sqlstring}") || isOfAll, "\(query)")
            }
        }
    }

    @Test func `links lead to dashboards that are there, with variables that they have`() throws {
        let dashboards = try Dashboard.all()
        let known = Dictionary(uniqueKeysWithValues: dashboards.map { ($0.uid, Set($0.variables.map(\.name))) })
        var links = 0
        for dashboard in dashboards {
            for link in dashboard.texts where link.hasPrefix("/d/") {
                links += 1
                let target = String(link.dropFirst(3).prefix { $0 != "?" })
                let variables = try #require(known[target], "\(dashboard.file) leads to \(target)")
                for part in link.split(separator: "&") where part.hasPrefix("var-") {
                    #expect(variables.contains(String(part.dropFirst(4).prefix { $0 != "=" })), "\(link)")
                }
            }
        }
        #expect(links >= 4)
    }

    /// Pairs of panels that cover the same place.
    private static func overlaps(in dashboard: Dashboard) -> [String] {
        let places = (dashboard.tree["panels"]?.elements ?? []).map { panel -> (x: Int64, y: Int64, w: Int64, h: Int64) in
            func part(_ name: String) -> Int64 { panel["gridPos"]?[name]?.integerValue ?? -1 }
            return (part("x"), part("y"), part("w"), part("h"))
        }
        return places.indices.flatMap { first in
            places.indices.filter { $0 > first }.compactMap { second -> String? in
                let (a, b) = (places[first], places[second])
                let isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
                return isApart && a.x + a.w <= 24 && b.x + b.w <= 24 ? nil : "\(first) and \(second)"
            }
        }
    }
}
