using Conductor.Pipelines.Definitions;

namespace Conductor.Pipelines.Api;

/// <summary>Errors as problem+json (RFC 9457).</summary>
internal static class Problems
{
    public static IResult Invalid(ParsedPipeline parsed) => Results.Problem(
        detail: $"{parsed.Errors[0].Path}: {parsed.Errors[0].Message} (line {parsed.Errors[0].Line}, column {parsed.Errors[0].Column})",
        statusCode: 400, title: "The pipeline is not valid",
        extensions: new Dictionary<string, object?> { ["errors"] = parsed.Errors, ["warnings"] = parsed.Warnings });

    public static IResult NotFound(string name) => Missing($"There is no pipeline '{name}'");

    public static IResult NoRecord(string topic, int partition, long offset) => Missing($"There is no record {offset} in {topic}/{partition}");

    public static IResult Missing(string what) => Results.Problem(what, statusCode: 404, title: "Not found");

    public static IResult Conflict(string name, string why) => Results.Problem($"Pipeline '{name}': {why}", statusCode: 409, title: "Not in this state");

    public static IResult BadRequest(string why) => Results.Problem(why, statusCode: 400, title: "Bad request");

    public static IResult? OfPage(int? offset, int? limit, int largest)
    {
        if (offset < 0) return BadRequest("offset is 0 or more");
        return limit < 1 || limit > largest ? BadRequest($"limit is 1 to {largest}") : null;
    }
}
