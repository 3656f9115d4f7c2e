using Conductor.Contracts.Pipelines;
using Conductor.Sagas.Pipeline;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Sagas.Tests.Pipeline;

public sealed class PipelineSagaTests : IAsyncLifetime
{
    private static readonly Guid Id = PipelineIds.Of("night");
    private readonly ServiceProvider _provider = new ServiceCollection()
        .AddSingleton(TimeProvider.System)
        .AddMassTransitTestHarness(x => x.AddSagaStateMachine<PipelineSaga, PipelineState, PipelineSagaDefinition>().InMemoryRepository())
        .BuildServiceProvider(validateScopes: true);

    private ITestHarness Harness => _provider.GetRequiredService<ITestHarness>();

    private ISagaStateMachineTestHarness<PipelineSaga, PipelineState> Saga => Harness.GetSagaStateMachineHarness<PipelineSaga, PipelineState>();

    public async ValueTask InitializeAsync() => await Harness.Start();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task A_run_goes_from_provisioning_through_running_and_draining_to_stopped()
    {
        await SayAsync(Start, m => m.Provisioning);
        (await Harness.Published.Any<ProvisionPipeline>(p => p.Context.Message is { Epoch: 1, Name: "night" }, TestContext.Current.CancellationToken))
            .ShouldBeTrue();
        await SayAsync(new PipelineProvisioned { PipelineId = Id, Epoch = 1 }, m => m.Running);
        await SayAsync(new StopPipeline { PipelineId = Id }, m => m.Draining);
        await SayAsync(new PipelineDrained { PipelineId = Id, Epoch = 1 }, m => m.Stopped);
    }

    [Fact]
    public async Task Every_start_is_a_new_run_and_reports_of_the_one_before_change_nothing()
    {
        await SayAsync(Start, m => m.Provisioning);
        await SayAsync(new StopPipeline { PipelineId = Id }, m => m.Stopped);
        await SayAsync(Start, m => m.Provisioning);
        Saga.Sagas.Contains(Id).Epoch.ShouldBe(2);
        await Harness.Bus.Publish(new PipelineProvisioned { PipelineId = Id, Epoch = 1 }, TestContext.Current.CancellationToken);
        (await Saga.Consumed.Any<PipelineProvisioned>(TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await Saga.Exists(Id, m => m.Provisioning)).ShouldNotBeNull();
        await SayAsync(new PipelineProvisioned { PipelineId = Id, Epoch = 2 }, m => m.Running);
    }

    [Fact]
    public async Task A_run_that_fails_keeps_its_reason_until_the_next_start()
    {
        await SayAsync(Start, m => m.Provisioning);
        await SayAsync(new PipelineFailed { PipelineId = Id, Epoch = 1, Reason = "there is no folder" }, m => m.Failed);
        Saga.Sagas.Contains(Id).LastError.ShouldBe("there is no folder");
        await SayAsync(Start, m => m.Provisioning);
        Saga.Sagas.Contains(Id).LastError.ShouldBeNull();
    }

    [Fact]
    public async Task Stopping_a_pipeline_that_never_ran_is_no_error()
    {
        await Harness.Bus.Publish(new StopPipeline { PipelineId = Id }, TestContext.Current.CancellationToken);
        (await Harness.Consumed.Any<StopPipeline>(TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await Harness.Published.Any<Fault<StopPipeline>>(TestContext.Current.CancellationToken)).ShouldBeFalse();
        Saga.Sagas.Contains(Id).ShouldBeNull();
    }

    private static StartPipeline Start => new() { PipelineId = Id, Name = "night" };

    private async Task SayAsync<T>(T message, Func<PipelineSaga, State> state) where T : class
    {
        await Harness.Bus.Publish(message, TestContext.Current.CancellationToken);
        (await Saga.Exists(Id, state)).ShouldNotBeNull($"{typeof(T).Name} leads to the expected state");
    }
}
