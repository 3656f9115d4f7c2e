namespace Conductor.Console.Layout;

internal static class NotFoundAnswer
{
    /// <summary>The answer is 404, and the page itself says what is not there.</summary>
    public static void SayNotFound(this HttpContext context)
    {
        // Set any earlier, the framework puts the page for unknown addresses in its place.
        context.Response.OnStarting(() =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
