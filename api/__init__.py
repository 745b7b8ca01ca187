"""HTTP: channels, customer, hospital and agent endpoints, the workbench, authentication, problem+json errors and OpenAPI. The only room that knows Flask."""
