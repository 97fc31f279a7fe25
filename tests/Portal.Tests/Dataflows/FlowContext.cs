using System.Text;
using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Components.Pages;
using Portal.Messaging;
using Portal.Messaging.Flows;
using Portal.Messaging.Preview;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Tests.Fakes;
using Portal.Tests.Lists;

namespace Portal.Tests.Dataflows;

/// <summary>The pages of dataflows over two endpoints, a profile and a runtime that stands as the test says.</summary>
public abstract class FlowContext : ListsContext
{
    protected FlowContext()
    {
        Services.AddSingleton<IPreviewService>(Previews);
        Add(EndpointKind.CustomMqtt, "line3-broker", "mqtt.line3.example:8883");
        Store.PutOutside(Kafka("line3-kafka", "portal-line3"));
        Store.PutOutside(new DataflowProfile { Name = "default", InstanceCount = 1 });
    }

    protected FakePreviewService Previews { get; } = new();

    protected static Dataflow Press { get; } = new()
    {
        Name = "press-telemetry",
        Source = new DataflowSource { EndpointRef = "line3-broker", DataSources = ["line3/+/telemetry"] },
        Destination = new DataflowDestination { EndpointRef = "line3-kafka", DataDestination = "line3-telemetry" },
    };

    protected static DataflowEndpoint Kafka(string name, string? group)
    {
        var endpoint = Of(EndpointKind.CustomKafka, name, "kafka.example:9092");
        return endpoint with { Settings = endpoint.Kafka! with { ConsumerGroupId = group } };
    }

    protected static Message Telemetry(string topic = "line3/press-07/telemetry") => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes("""{"temperature":71.4}"""),
        Qos = 1,
        ContentType = "application/json",
        Properties = [new MessageProperty("unit", Encoding.UTF8.GetBytes("degC"))],
    };

    protected Dataflow? Flow(string name = "press-telemetry") => Store.Get(ResourceKind.Dataflow, name)?.Value as Dataflow;

    protected IRenderedComponent<DataflowPage> OpenMonitor(FlowStatus? status = null, string name = "press-telemetry")
    {
        if (status is not null)
            Flows.Put(status);
        return Show<DataflowPage>($"/dataflows/{name}", part => part.Add(page => page.Name, name));
    }

    protected IRenderedComponent<DataflowEditPage> OpenNew(string? query = null) => Show<DataflowEditPage>("/dataflows/new" + query, _ => { });

    protected IRenderedComponent<DataflowEditPage> OpenEdit(string name = "press-telemetry", string? query = null) =>
        Show<DataflowEditPage>($"/dataflows/{name}/edit{query}", part => part.Add(page => page.Name, name));

    protected IRenderedComponent<T> Show<T>(string address, Action<ComponentParameterCollectionBuilder<T>> parameters)
        where T : IComponent
    {
        Prepare(address);
        return Render(parameters);
    }

    /// <summary>The control with exactly this label.</summary>
    protected static IElement Field(IRenderedComponent<IComponent> part, string label) =>
        part.Find("#" + Assert.Single(part.FindAll("label"), element => element.TextContent.Trim() == label).GetAttribute("for"));

    protected static string MessageOf(IRenderedComponent<IComponent> part, string label) => part.Find($"#{Field(part, label).Id}-msg").TextContent;

    /// <summary>What is read in an element, with a space between its pieces.</summary>
    protected static string Words(IElement element) =>
        string.Join(' ', element.Descendants<IText>().SelectMany(text => text.Data.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The rows of a list without the spacers around them.</summary>
    protected static List<IElement> Rows(IRenderedComponent<IComponent> part) => [.. part.FindAll("tbody tr").Where(row => row.ChildElementCount > 1)];
}
