using System.Text.Json;
using Conductor.Worker.Execution;
using Conductor.Worker.Handlers;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Worker.Tests.Handlers;

public sealed class MethodHandlerTests
{
    public sealed record Order(string Item, int Count);

    public sealed class Shop(Shelf shelf)
    {
        [WorkerTask("async", Concurrency = 4, Domain = "night")]
        public async Task<Order> OrderAsync(Order order, TaskContext task, CancellationToken cancellationToken)
        {
            await Task.Delay(0, cancellationToken);
            return order with { Item = $"{shelf.Name} {order.Item} {task.TaskType}" };
        }

        [WorkerTask("sync")]
        public int Count(Order order) => order.Count;

        [WorkerTask("value_task")]
        public ValueTask<string> NameAsync(JsonElement input) => ValueTask.FromResult(input.GetProperty("item").GetString()!);

        [WorkerTask("nothing")]
        public Task NothingAsync() => Task.CompletedTask;

        [WorkerTask("throws")]
        public int Throws() => throw new InvalidOperationException("as it was thrown");
    }

    public sealed record Shelf(string Name);

    public sealed class Greedy
    {
        [WorkerTask("greedy")]
        public void Take(Order first, Order second) => Console.WriteLine($"{first}{second}");
    }

    [Theory]
    [InlineData("async", """{"item":"top lamp async","count":3}""")]
    [InlineData("sync", """{"result":3}""")]
    [InlineData("value_task", """{"result":"lamp"}""")]
    [InlineData("nothing", "{}")]
    public async Task A_method_may_be_of_many_shapes(string taskType, string output) =>
        TaskJson.Write(await RunAsync(taskType)).GetRawText().ShouldBe(output);

    [Fact]
    public async Task An_exception_arrives_as_it_was_thrown() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => RunAsync("throws"))).Message.ShouldBe("as it was thrown");

    [Fact]
    public void The_attribute_holds_concurrency_and_domain()
    {
        var handler = MethodHandlers.Of<Shop>().Single(h => h.TaskType == "async");
        (handler.Concurrency, handler.Domain, handler.QueueName).ShouldBe((4, "night", "task.night.async"));
    }

    [Fact]
    public void Mistakes_are_told_when_the_process_starts()
    {
        Should.Throw<ArgumentException>(() => MethodHandlers.Of<Shelf>().ToArray()).Message.ShouldContain("Shelf has no public method");
        Should.Throw<ArgumentException>(() => MethodHandlers.Of<Greedy>().ToArray()).Message.ShouldContain("more than one input");
        Should.Throw<ArgumentException>(() => new ServiceCollection().AddConductorWorkers(w => w.AddFrom<Shop>().AddFrom<Shop>())).Message.ShouldContain(
            "two workers");
        Should.Throw<ArgumentOutOfRangeException>(() =>
            new ServiceCollection()
                .AddConductorWorkers(w => w.Add("x", (JsonElement i, TaskContext _, CancellationToken _) => Task.FromResult(i), concurrency: 0)));
    }

    private static async Task<object?> RunAsync(string taskType)
    {
        await using var services = new ServiceCollection().AddSingleton(new Shelf("top")).AddScoped<Shop>().BuildServiceProvider();
        var task = new Assignment
        {
            WorkflowId = "w",
            TaskId = "t",
            TaskType = taskType,
            Input = JsonSerializer.SerializeToElement(new { item = "lamp", count = 3 }),
        };
        var handler = MethodHandlers.Of<Shop>().Single(h => h.TaskType == taskType);
        return await handler.ExecuteAsync(services, new TaskContext(task), TestContext.Current.CancellationToken);
    }
}
