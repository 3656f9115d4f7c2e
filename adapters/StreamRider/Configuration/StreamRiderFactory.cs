using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.StreamRider.Configuration;

/// <summary>Lets the rider board a bus.</summary>
internal sealed class StreamRiderFactory : IRegistrationRiderFactory<IKafkaRider>
{
    public IBusInstanceSpecification CreateRider(IRiderRegistrationContext context) => new Specification(context);

    private sealed class Specification(IRiderRegistrationContext context) : IBusInstanceSpecification
    {
        private readonly StreamRiderConfigurator _configurator = context.GetRequiredService<StreamRiderConfigurator>();

        public IEnumerable<ValidationResult> Validate() => _configurator.Validate();

        public void Configure(IBusInstance busInstance) =>
            busInstance.Connect<IKafkaRider>(new KafkaRider(busInstance, _configurator, context));
    }
}
