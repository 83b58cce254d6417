import { Component, type ReactNode } from 'react';
import { ErrorPage } from './ErrorPage';

interface State {
  error: Error | null;
}

/** The last net: catches what fails outside the router. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error ? <ErrorPage error={this.state.error} /> : this.props.children;
  }
}
