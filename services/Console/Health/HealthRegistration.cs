using Microsoft.Extensions.Http.Resilience;

namespace Conductor.Console.Health;

internal static class HealthRegistration
{
    /// <summary>That page is sent without waiting for what its parts wait for; so the answers are there before it is made.</summary>
    public static void UseHealthOnNotFound(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Request.Path == "/not-found")
            await context.RequestServices.GetRequiredService<HealthWatch>().NowAsync();
        await next(context);
    });

    public static void AddHealthWatch(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HealthWatch>();
        builder.Services.AddHttpClient<HealthClient>(http => http.Timeout = HealthClient.Patience)
            // What a service says at once is what counts: no second try, and no circuit that answers in its place.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) =>
            {
                foreach (var handler in handlers.OfType<ResilienceHandler>().ToList())
                    handlers.Remove(handler);
            });
    }
}
