using Microsoft.Extensions.Http.Resilience;

namespace Conductor.Console.Health;

internal static class HealthRegistration
{
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
