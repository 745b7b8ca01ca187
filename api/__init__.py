"""HTTP: channels, customer and hospital endpoints, the workbench, authentication, problem+json errors, OpenAPI.

The only room that knows Flask. `api.web.create_app` puts it together; everything else is reached from there.
"""
