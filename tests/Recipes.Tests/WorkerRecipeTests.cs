using System.Net.Http.Json;
using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Recipes.Tests;

[Integration]
public sealed class WorkerRecipeTests(BuiltRecipes recipes, PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_worker_executes_a_task_in_the_repository_and_as_a_project_elsewhere_with_the_package()
    {
        var address = RunningProgram.FreeAddress();
        var (database, broker) = (await postgres.CreateDatabaseAsync(), rabbitMq.ConnectionString);
        await recipes.BuiltAsync();
        using var service = RunningProgram.Start(
            Path.Combine(AppContext.BaseDirectory, "Conductor.Workflows.dll"),
            ("ConnectionStrings__workflows", database), ("ConnectionStrings__rabbitmq", broker), ("ASPNETCORE_URLS", address));
        using var http = new HttpClient { BaseAddress = new(address) };
        await service.UntilAsync(() => IsHealthyAsync(http), "the workflows service is healthy");
        await RegisterAsync(http);
        foreach (var program in new[] { recipes.Worker, recipes.WorkerElsewhere })
        {
            using var worker = RunningProgram.Start(program, ("CONDUCTOR_SERVER_URL", address));
            var started = await http.PostAsJsonAsync("/api/workflow/greeting", new { name = "Ada" }, Stop);
            var id = await started.Content.ReadAsStringAsync(Stop);
            JsonElement execution = default;
            await worker.UntilAsync(async () =>
            {
                execution = await http.GetFromJsonAsync<JsonElement>($"/api/workflow/{id}", Stop);
                return execution.GetProperty("status").GetString() == "COMPLETED";
            }, "the workflow is completed");
            execution.GetProperty("output").GetProperty("text").GetString().ShouldBe("Hello, Ada!");
        }
    }

    internal static async Task<bool> IsHealthyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health", Stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task RegisterAsync(HttpClient http)
    {
        var definition = new
        {
            name = "greeting",
            version = 1,
            ownerEmail = "a@example.com",
            tasks = new[] { new { name = "greet", taskReferenceName = "greet", type = "SIMPLE", inputParameters = new { name = "${workflow.input.name}" } } },
            outputParameters = new { text = "${greet.output.text}" },
        };
        // The first worker is killed while it polls: a task that is on its way to it at that moment comes back soon.
        var task = new { name = "greet", ownerEmail = "a@example.com", responseTimeoutSeconds = 5, timeoutSeconds = 0, retryCount = 3, retryDelaySeconds = 0 };
        (await http.PostAsJsonAsync("/api/metadata/taskdefs", new[] { task }, Stop)).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync("/api/metadata/workflow", definition, Stop)).EnsureSuccessStatusCode();
    }
}
