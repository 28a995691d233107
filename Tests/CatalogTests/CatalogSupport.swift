import Catalog
import Postgres
import TestSupport

/// A DTDL v2 Interface with one telemetry of a name.
func pump(id: String = "dtmi:test:pump;1", telemetry: String = "temperature", schema: String = "double") -> [UInt8] {
    Array(
        """
        {"@context":"dtmi:dtdl:context;2","@id":"\(id)","@type":"Interface",\
        "contents":[{"@type":"Telemetry","name":"\(telemetry)","schema":"\(schema)"}]}
        """.utf8)
}

/// The same Interface as `pump()`, other white space and order of keys.
let rearrangedPump = Array(
    """
    {
      "contents": [ { "schema": "double", "name": "temperature", "@type": "Telemetry" } ],
      "@type": "Interface", "@id": "dtmi:test:pump;1",
      "@context": "dtmi:dtdl:context;2"
    }
    """.utf8)

/// A connection as `hindcast template` has it.
func admin() throws(PostgresError) -> Connection {
    try TestDatabase.connect(role: "hindcast_admin")
}

/// The code of what a decision was refused with; nil where it was not.
func refusal<T>(_ connection: inout Connection, _ body: (inout Connection) throws(CatalogError) -> T) -> CatalogError? {
    do throws(CatalogError) {
        _ = try body(&connection)
        return nil
    } catch {
        return error
    }
}
