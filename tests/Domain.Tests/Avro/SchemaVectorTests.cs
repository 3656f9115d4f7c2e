using System.Text.Json;
using Conductor.Domain.Avro.Schemas;

namespace Conductor.Domain.Tests.Avro;

public class SchemaVectorTests
{
    [Fact]
    public void Schemas_are_accepted_and_refused_as_by_the_reference()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("avro/schema-parse.json")));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToList();
        var wrong = cases.Where(c => IsValid(c.GetProperty("schema").GetString()!) != c.GetProperty("valid").GetBoolean())
            .Select(c => c.GetProperty("id").GetString());
        cases.Count.ShouldBe(96);
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Canonical_forms_and_fingerprints_are_those_of_the_reference()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("avro/canonical-fingerprints.json")));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToList();
        cases.Count.ShouldBe(296);
        foreach (var c in cases)
        {
            var schema = AvroSchema.Parse(c.GetProperty("schema").GetString()!);
            var id = c.GetProperty("id").GetString();
            schema.ToCanonicalForm().ShouldBe(c.GetProperty("canonical").GetString(), id);
            unchecked((long)schema.Fingerprint()).ShouldBe(c.GetProperty("crc64avro_signed").GetInt64(), id);
            AvroSchema.Parse(schema.ToCanonicalForm()).Fingerprint().ShouldBe(schema.Fingerprint(), id);
        }
    }

    private static bool IsValid(string schema)
    {
        try
        {
            AvroSchema.Parse(schema);
            return true;
        }
        catch (AvroSchemaException)
        {
            return false;
        }
    }
}
