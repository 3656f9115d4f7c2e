namespace Conductor.Operations.Api;

/// <summary>Errors as problem+json (RFC 9457).</summary>
internal static class Refusals
{
    public static IResult Missing(string what) => Results.Problem(what, statusCode: 404, title: "Not found");

    public static IResult Conflict(string why) => Results.Problem(why, statusCode: 409, title: "Not in this state");

    public static IResult BadRequest(string why) => Results.Problem(why, statusCode: 400, title: "Bad request");
}
